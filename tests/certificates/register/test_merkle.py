"""The hash tree: against the trees that other implementations publish, and against the definition itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.register import merkle
from certificates.register.merkle import EMPTY_ROOT, ProofImpossible, hash_leaf, hash_node

# The reference tree of Certificate Transparency: eight entries and the root after each of them.
ENTRIES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
A, B = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
)
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
INCLUSIONS = {(0, 1): (), (0, 8): (A, B, C), (5, 8): (D, E, ROOTS[4]), (2, 3): (ROOTS[2],), (1, 5): (ROOTS[1], B, D)}
CONSISTENCIES = {(1, 1): (), (1, 8): (A, B, C)}

hashes = st.lists(st.binary(max_size=4).map(hash_leaf), min_size=1, max_size=70)


def reference() -> list[bytes]:
    return [hash_leaf(bytes.fromhex(entry)) for entry in ENTRIES]


def grown(leaves):
    """The nodes of a tree that was extended leaf by leaf, reading only what an append may read."""
    nodes = {}
    for index, leaf in enumerate(leaves):
        known = {position: nodes[position] for position in merkle.missing_for(index)}
        for position, node in merkle.added(index, leaf, known):
            assert position not in nodes, "a node is never written twice"
            nodes[position] = node
    return nodes


def fetch_from(nodes):
    return lambda positions: {position: nodes[position] for position in positions}


def root_by_definition(leaves):
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hash_node(root_by_definition(leaves[:k]), root_by_definition(leaves[k:]))


def path_by_definition(m, leaves):
    if len(leaves) == 1:
        return []
    k = merkle.split(len(leaves))
    if m < k:
        return [*path_by_definition(m, leaves[:k]), root_by_definition(leaves[k:])]
    return [*path_by_definition(m - k, leaves[k:]), root_by_definition(leaves[:k])]


def subproof_by_definition(m, leaves, whole):
    if m == len(leaves):
        return [] if whole else [root_by_definition(leaves)]
    k = merkle.split(len(leaves))
    if m <= k:
        return [*subproof_by_definition(m, leaves[:k], whole), root_by_definition(leaves[k:])]
    return [*subproof_by_definition(m - k, leaves[k:], False), root_by_definition(leaves[:k])]


class TestTheReferenceTree:
    @pytest.mark.parametrize("size", range(9))
    def test_its_roots(self, size):
        leaves = reference()[:size]
        assert merkle.root_of(leaves).hex() == ROOTS[size]
        assert merkle.root_at(size, fetch_from(grown(reference()))).hex() == ROOTS[size]

    @pytest.mark.parametrize(("asked", "path"), INCLUSIONS.items())
    def test_its_inclusion_proofs(self, asked, path):
        found = merkle.prove_inclusion(*asked, fetch_from(grown(reference())))
        assert [node.hex() for node in found] == list(path)

    @pytest.mark.parametrize(("asked", "path"), CONSISTENCIES.items())
    def test_its_consistency_proofs(self, asked, path):
        found = merkle.prove_consistency(*asked, fetch_from(grown(reference())))
        assert [node.hex() for node in found] == list(path)

    def test_the_example_of_the_standard_with_seven_leaves(self):
        a, b, c, d, e, f, j = reference()[:7]
        g, h, i = hash_node(a, b), hash_node(c, d), hash_node(e, f)
        k, m = hash_node(g, h), hash_node(i, j)
        fetch = fetch_from(grown([a, b, c, d, e, f, j]))
        paths = {0: [b, h, m], 3: [c, g, m], 4: [f, j, k], 6: [i, k]}
        assert {index: merkle.prove_inclusion(index, 7, fetch) for index in paths} == paths
        olds = {3: [c, d, g, m], 4: [m], 6: [i, j, k]}
        assert {old: merkle.prove_consistency(old, 7, fetch) for old in olds} == olds


class TestAgainstTheDefinition:
    @given(hashes)
    def test_roots_of_every_size(self, leaves):
        edge, fetch = merkle.Edge(), fetch_from(grown(leaves))
        for size, leaf in enumerate(leaves, 1):
            edge.append(leaf)
            assert edge.root() == root_by_definition(leaves[:size]) == merkle.root_at(size, fetch)

    @given(hashes)
    def test_an_edge_and_a_table_of_nodes_grow_alike(self, leaves):
        edge = merkle.Edge()
        assert dict(node for leaf in leaves for node in edge.append(leaf)) == grown(leaves)

    @given(hashes, st.data())
    def test_inclusion_proofs_are_those_and_verify(self, leaves, data):
        size = data.draw(st.integers(1, len(leaves)))
        index = data.draw(st.integers(0, size - 1))
        path = merkle.prove_inclusion(index, size, fetch_from(grown(leaves)))
        assert path == path_by_definition(index, leaves[:size])
        assert merkle.verify_inclusion(leaves[index], index, size, path, root_by_definition(leaves[:size]))

    @given(hashes, st.data())
    def test_consistency_proofs_are_those_and_verify(self, leaves, data):
        size = data.draw(st.integers(1, len(leaves)))
        old = data.draw(st.integers(0, size))
        path = merkle.prove_consistency(old, size, fetch_from(grown(leaves)))
        assert path == (subproof_by_definition(old, leaves[:size], True) if old else [])
        before, after = root_by_definition(leaves[:old]), root_by_definition(leaves[:size])
        assert merkle.verify_consistency(old, before, size, after, path)

    @given(hashes, st.data())
    def test_a_changed_proof_of_inclusion_is_refused(self, leaves, data):
        size = len(leaves)
        index = data.draw(st.integers(0, size - 1))
        path, root = merkle.prove_inclusion(index, size, fetch_from(grown(leaves))), root_by_definition(leaves)
        other = hash_leaf(b"another entry")
        assert not merkle.verify_inclusion(other, index, size, path, root)
        assert not merkle.verify_inclusion(leaves[index], index, size, [*path, other], root)
        assert not merkle.verify_inclusion(leaves[index], index, size, path, other)
        assert not merkle.verify_inclusion(leaves[index], size, size, path, root)
        for step in range(len(path)):
            assert not merkle.verify_inclusion(
                leaves[index], index, size, [*path[:step], other, *path[step + 1 :]], root
            )
            assert not merkle.verify_inclusion(leaves[index], index, size, path[:step] + path[step + 1 :], root)

    @given(hashes, st.data())
    def test_a_changed_proof_of_consistency_is_refused(self, leaves, data):
        size = len(leaves)
        old = data.draw(st.integers(1, size))
        path = merkle.prove_consistency(old, size, fetch_from(grown(leaves)))
        before, after, other = root_by_definition(leaves[:old]), root_by_definition(leaves), hash_leaf(b"other")
        assert not merkle.verify_consistency(old, other, size, after, path)
        assert not merkle.verify_consistency(old, before, size, other, path)
        assert not merkle.verify_consistency(old, before, size, after, [*path, other])
        assert not merkle.verify_consistency(size + 1, before, size, after, path)
        for step in range(len(path)):
            changed = [*path[:step], other, *path[step + 1 :]]
            assert not merkle.verify_consistency(old, before, size, after, changed)


def test_an_inner_node_cannot_be_passed_off_as_an_entry():
    left, right = hash_leaf(b"a"), hash_leaf(b"b")
    assert hash_node(left, right) != hash_leaf(left + right)


@pytest.mark.parametrize("asked", [(3, 3), (-1, 3), (0, 0)])
def test_no_proof_for_a_leaf_that_is_not_there(asked):
    with pytest.raises(ProofImpossible):
        merkle.prove_inclusion(*asked, dict)


def test_no_proof_backwards():
    with pytest.raises(ProofImpossible):
        merkle.prove_consistency(4, 3, dict)


@pytest.mark.parametrize("size", [1_000, 65_536, 100_000, 99_999])
def test_a_proof_and_an_append_read_few_nodes(size):
    asked = []

    def fetch(positions):
        asked.append(list(positions))
        return dict.fromkeys(positions, EMPTY_ROOT)

    merkle.prove_inclusion(size // 3, size, fetch)
    merkle.prove_consistency(size // 3, size, fetch)
    assert [len(positions) <= 2 * size.bit_length() for positions in asked] == [True, True]
    assert len(merkle.missing_for(size - 1)) <= size.bit_length()
