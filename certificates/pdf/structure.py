"""The structure tree of the page and the signature field that hangs in it.

The tree is flat: a Document whose kids are the elements in reading order, and last the Form element of the empty
signature field. The field is made here, before signing, because a field that the signer makes stands outside the tree
and has no words of its own (ISO 14289-1, 7.18).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from certificates.pdf.tagging import Element

if TYPE_CHECKING:
    import pikepdf

SIGNATURE_FIELD = "Certification"
"""Name of the empty field that certificates.signatures.signing fills."""
_INVISIBLE = 132
"""Annotation flags: print and locked (ISO 32000-2, 12.5.3), with an empty rectangle."""
_PAGE_KEY, _FIELD_KEY = 0, 1
"""Places of the page and of the field in the parent tree."""


def add_structure(pdf: pikepdf.Pdf, elements: Sequence[Element], field_words: str) -> None:
    """Give a page of one sheet its structure tree and its signature field; `field_words` is what readers call it."""
    from pikepdf import Array, Dictionary, Name

    page = pdf.pages[0].obj
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document))
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=document))
    document.P = root
    leaves = [_leaf(pdf, element, document, page) for element in elements]
    widget = _signature_field(pdf, page, field_words)
    form = _form(pdf, widget, document, page)
    document.K = Array([*leaves, form])
    root.ParentTree = Dictionary(Nums=[_PAGE_KEY, pdf.make_indirect(Array(leaves)), _FIELD_KEY, form])
    root.ParentTreeNextKey = _FIELD_KEY + 1
    page.StructParents = _PAGE_KEY
    page.Tabs = Name.S
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _leaf(pdf: pikepdf.Pdf, element: Element, document: Any, page: Any) -> Any:
    from pikepdf import Dictionary, Name, String

    leaf = Dictionary(Type=Name.StructElem, S=Name("/" + element.role), P=document, Pg=page, K=element.content)
    if element.text:
        leaf.ActualText = String(element.text)
    if element.alt:
        leaf.Alt = String(element.alt)
    if element.box:
        leaf.A = Dictionary(O=Name.Layout, BBox=[round(side, 2) for side in element.box], Placement=Name.Block)
    return pdf.make_indirect(leaf)


def _signature_field(pdf: pikepdf.Pdf, page: Any, words: str) -> Any:
    """The empty field: one dictionary that is field and widget, without any appearance."""
    from pikepdf import Array, Dictionary, Name, String

    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(SIGNATURE_FIELD),
            TU=String(words),
            F=_INVISIBLE,
            Rect=[0, 0, 0, 0],
            P=page,
            StructParent=_FIELD_KEY,
        )
    )
    page.Annots = Array([widget])
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([widget]), SigFlags=1))
    return widget


def _form(pdf: pikepdf.Pdf, widget: Any, document: Any, page: Any) -> Any:
    from pikepdf import Dictionary, Name

    reference = Dictionary(Type=Name.OBJR, Obj=widget, Pg=page)
    return pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Form, P=document, Pg=page, K=reference))
