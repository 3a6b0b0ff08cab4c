"""The messages of certificates."""

from flask_babel import lazy_gettext as _l

from app.mail.kinds import MailKind

NAME, AWARD, NUMBER = "Alex Example", "Foundation in careful testing", "7KQ2-9XMD-4T3H-VB8C-PW5N-0RZE-J6A"
PAGE = "https://body.example/certificates"
ABOUT = {"name": NAME, "award": AWARD, "number": NUMBER}

KINDS = (
    MailKind(
        "certificates.confirm-name",
        _l("Everything for a first award is there, but the holder has not confirmed the name"),
        _l("Please confirm your name for your certificate"),
        _l(
            "Hello {name},\n\nyou have done everything for an award. Before we make the certificate, please look at how your "
            "name will stand on it, and confirm it:\n\n{link}\n\nA certificate once issued keeps the name it carries.\n\n{body}\n{site}"
        ),
        {"name": NAME, "link": "https://body.example/certificates/name"},
    ),
    MailKind(
        "certificates.issued",
        _l("A certificate is issued"),
        _l("Your certificate: {award}"),
        _l(
            "Hello {name},\n\ncongratulations. Your certificate has been issued.\n\n  {award}\n  Number {number}\n\nFetch the "
            "signed PDF and choose who sees it here:\n\n{link}\n\nWhoever wants to check it goes to {domain}/verify and types "
            "the number.\n\n{body}\n{site}"
        ),
        ABOUT | {"link": "https://body.example/certificates", "domain": "body.example"},
    ),
    MailKind(
        "certificates.badge-re-signed",
        _l("The badge of a certificate is signed anew, because the key of its signature may have been stolen"),
        _l("Please fetch your badge again"),
        _l(
            "Hello {name},\n\nthe key with which we signed the badge of your certificate may have come into other hands. We have "
            "signed the badge anew. Your award, its number, its dates and the PDF are as before:\n\n  {award}\n  Number {number}"
            "\n\nPlease fetch the badge again wherever you keep or show it:\n\n{link}\n\nThe old one is no longer confirmed.\n\n"
            "{body}\n{site}"
        ),
        ABOUT | {"link": PAGE},
    ),
    MailKind(
        "certificates.declined",
        _l("An award is declined by the person who decides on it"),
        _l("About your award"),
        _l(
            "Hello {name},\n\nthe award you worked for was not made this time. The reason given:\n\n{reason}\n\nIf you think that "
            "this is wrong, write to {contact}. Somebody else will look at it.\n\n{body}\n{site}"
        ),
        {"name": NAME, "reason": "…"},
    ),
    MailKind(
        "certificates.suspended",
        _l("An officer suspends a certificate"),
        _l("Your certificate is suspended until {until}"),
        _l(
            "Hello {name},\n\nyour certificate “{award}”, number {number}, is suspended until {until} while something is looked "
            "into:\n\n{note}\n\nWhoever checks it reads that it is suspended, and no reason. Questions: {contact}.\n\n{body}\n{site}"
        ),
        ABOUT | {"until": "2 September 2026", "note": "…"},
    ),
    MailKind(
        "certificates.lifted",
        _l("A suspension is lifted, or an appeal ends in the holder's favour"),
        _l("Your certificate is no longer suspended"),
        _l(
            "Hello {name},\n\nyour certificate “{award}”, number {number}, is no longer suspended. Whoever checks it sees it as "
            "before.\n\n{body}\n{site}"
        ),
        ABOUT,
    ),
    MailKind(
        "certificates.revocation-notice",
        _l("Two people have decided to revoke a certificate; the time for an appeal begins"),
        _l("Your certificate is to be revoked: what you can do"),
        _l(
            "Hello {name},\n\ntwo people of {body} have decided that your certificate “{award}”, number {number}, is to be "
            "revoked.\n\nKind of reason: {reason}\n\n{note}\n\nYou can appeal until {until}: write to {contact}. People who took "
            "no part in the decision will look at it. Until the appeal has ended, or that day has passed, pages say "
            "“suspended” and give no reason.\n\n{body}\n{site}"
        ),
        ABOUT | {"reason": "Issued in error", "note": "…", "until": "2 September 2026"},
    ),
    MailKind(
        "certificates.appeal-received",
        _l("An appeal against a revocation is recorded"),
        _l("Your appeal has arrived"),
        _l(
            "Hello {name},\n\nyour appeal about the certificate “{award}”, number {number}, has arrived. Nothing is decided until "
            "it has been looked at by people who took no part in the decision.\n\n{body}\n{site}"
        ),
        ABOUT,
    ),
    MailKind(
        "certificates.revoked",
        _l("A revocation takes effect"),
        _l("Your certificate is revoked"),
        _l(
            "Hello {name},\n\nyour certificate “{award}”, number {number}, is revoked from today. Kind of reason: {reason}. Please "
            "do not present it any more; whoever checks it reads that it is revoked, and the kind of reason only.\n\n{body}\n{site}"
        ),
        ABOUT | {"reason": "Issued in error"},
    ),
    MailKind(
        "certificates.corrected",
        _l("A revocation is found to have been a mistake of the body"),
        _l("We revoked your certificate by mistake"),
        _l(
            "Hello {name},\n\nwe revoked your certificate “{award}”, number {number}, and that was a mistake of ours. We are sorry.\n\n"
            "{note}\n\nA revocation that has been published cannot be taken back, so we are making a new certificate with the same "
            "name and dates. Please use it from now on: another message tells you when it is there. Whoever checks the old number "
            "reads that its revocation was a mistake and that a new certificate takes its place.\n\nYou may show this letter to "
            "anybody.\n\n{body}\n{site}"
        ),
        ABOUT | {"note": "…"},
    ),
    MailKind(
        "certificates.reissued",
        _l("A new certificate takes the place of an older one"),
        _l("Your new certificate: {award}"),
        _l(
            "Hello {name},\n\nyour new certificate has been issued.\n\n  {award}\n  Number {number}\n\nIt takes the place of number "
            "{old_number}: whoever checks that one is told so. Fetch the signed PDF and choose who sees it here:\n\n{link}\n\n"
            "Whoever wants to check it goes to {domain}/verify and types the number.\n\n{body}\n{site}"
        ),
        ABOUT | {"link": PAGE, "domain": "body.example", "old_number": "0123-4567-89AB-CDEF-GHJK-MNPQ-RS1"},
    ),
    MailKind(
        "certificates.withdrawn",
        _l("A holder withdraws a certificate"),
        _l("You have withdrawn your certificate"),
        _l(
            "Hello {name},\n\nyou have withdrawn your certificate “{award}”, number {number}. Whoever checks it reads that its holder "
            "has withdrawn it, and no more. You can take this back at any time:\n\n{link}\n\nIf this was not you, write to {contact} at "
            "once.\n\n{body}\n{site}"
        ),
        ABOUT | {"link": PAGE},
    ),
    MailKind(
        "certificates.restored",
        _l("A holder takes the withdrawal of a certificate back"),
        _l("Your certificate is shown again"),
        _l(
            "Hello {name},\n\nyour certificate “{award}”, number {number}, is no longer withdrawn. Who sees what is as you chose it "
            "before:\n\n{link}\n\n{body}\n{site}"
        ),
        ABOUT | {"link": PAGE},
    ),
    MailKind(
        "certificates.change-agreed",
        _l("An officer grants another spelling or another name"),
        _l("Your certificate is made anew"),
        _l(
            "Hello {name},\n\nyou asked about {asked} on your certificate “{award}”, number {number}. It is granted: the certificate is "
            "made anew under the name\n\n  {new_name}\n\nAnother message tells you when it is there.\n\n{body}\n{site}"
        ),
        ABOUT | {"asked": "a typing error in your name", "new_name": "Alex Exemple"},
    ),
    MailKind(
        "certificates.renewal-agreed",
        _l("An officer grants a renewal"),
        _l("Your certificate is renewed"),
        _l(
            "Hello {name},\n\nyour certificate “{award}”, number {number}, is renewed. The new certificate counts from {first}; the old "
            "one keeps its own dates. Another message tells you when the new one is there.\n\n{body}\n{site}"
        ),
        ABOUT | {"first": "2 September 2029"},
    ),
    MailKind(
        "certificates.change-refused",
        _l("An officer refuses another spelling, another name or a renewal"),
        _l("About what you asked for your certificate"),
        _l(
            "Hello {name},\n\nyou asked about {asked} for your certificate “{award}”, number {number}. It was not granted. The reason "
            "given:\n\n{reason}\n\nYour certificate stays as it is. You can ask again:\n\n{link}\n\nIf you think that this is wrong, "
            "write to {contact}. Somebody else will look at it.\n\n{body}\n{site}"
        ),
        ABOUT | {"asked": "a change of name", "reason": "…", "link": PAGE},
    ),
    MailKind(
        "certificates.ending",
        _l("A certificate ends in 90, 60, 30 or 7 days and has not been renewed"),
        _l("Your certificate ends on {until}"),
        _l(
            "Hello {name},\n\nyour certificate “{award}”, number {number}, is valid through {until}.\n\nContinuing development recorded "
            "so far: {have} of {asked} hours.\n\nRecord what is missing and renew it here:\n\n{link}\n\nAfter that day whoever checks "
            "it reads that it has expired.\n\n{body}\n{site}"
        ),
        ABOUT | {"until": "2 September 2029", "have": "42.5", "asked": "60", "link": PAGE},
    ),
)
