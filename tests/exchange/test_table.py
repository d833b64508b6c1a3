"""Tables are read as the programs write them that people export from; each kind has its fixture."""

from pathlib import Path

import pytest

from followupd.exchange.kinds import kinds
from followupd.exchange.reading import read
from followupd.exchange.rows import Row

PEOPLE = Path(__file__).parents[1] / "fixtures" / "people"
ADA = "ada@engines.example"


def only(name: str) -> Row:
    sheet = read((PEOPLE / name).read_bytes())
    assert sheet.faults == ()
    (row, *_) = sheet.rows
    return row


@pytest.mark.parametrize(
    ("name", "kind", "addresses", "fields", "tags", "left_out"),
    [
        (
            "google.csv", "Google Contacts", (ADA, "ada@home.example", "countess@home.example"),
            {"name": "Ada King Lovelace", "org": "Analytical Engines", "role": "Programmer",
             "country": "United Kingdom"}, ("Mentors",), [4],
        ),
        (
            "google_2023.csv", "Google Contacts", (ADA,),
            {"name": "Ada Lovelace", "org": "Analytical Engines", "role": "Programmer"}, ("Mentors",), [],
        ),
        (
            "outlook.csv", "Outlook", (ADA, "ada@home.example"),
            {"name": "Ada Lovelace", "org": "Analytical Engines", "role": "Programmer", "country": "United Kingdom"},
            ("Mentors", "London"), [],
        ),
        (
            "outlook_de.csv", "Outlook", ("jm@mueller.example",),
            {"name": "Jürgen Müller", "org": "Müller & Söhne", "role": "Geschäftsführer", "country": "Germany"},
            ("Mentoren",), [],
        ),
        (
            "hubspot.csv", "HubSpot", (ADA, "ada@home.example", "countess@home.example"),
            {"name": "Ada Lovelace", "org": "Analytical Engines", "role": "Programmer", "timezone": "Europe/London",
             "country": "United Kingdom"}, (), [3],
        ),
        (
            "pipedrive.csv", "Pipedrive", (ADA, "ada.l@engines.example", "ada@home.example"),
            {"name": "Ada Lovelace", "org": "Analytical Engines", "role": "Programmer"}, ("Hot lead", "Mentor"), [3],
        ),
        (
            "salesforce.csv", "Salesforce", (ADA,),
            {"name": "Ada Lovelace", "org": "Analytical Engines", "role": "Programmer", "country": "United Kingdom"},
            (), [3],
        ),
        (
            "salesforce_report.csv", "Salesforce", (ADA,),
            {"name": "Ada Lovelace", "org": "Analytical Engines", "role": "Programmer", "country": "United Kingdom"},
            (), [5, 6],
        ),
        (
            "by_hand.csv", "CSV", (ADA,),
            {"name": "Lovelace; Ada", "ask": 'Wie haben Sie "genug" erkannt?', "offer": "Satz der nächsten Auflage",
             "country": "DE-BY"}, (), [],
        ),
        (
            "ada_3.vcf", "vCard", (ADA, "ada@home.example"),
            {"name": "Ada Lovelace", "org": "Analytical Engines, Notes, and more", "role": "Programmer",
             "country": "United Kingdom"}, ("Mentors", "Lon,don"), [],
        ),
        (
            "people_4.vcf", "vCard", (ADA, "ada@home.example"),
            {"name": "Ada Lovelace", "org": "Analytical Engines", "role": "Programmer", "timezone": "Europe/London",
             "language": "en"}, (), [12, 18],
        ),
        ("telephone_21.vcf", "vCard", ("jm@mueller.example",), {"name": "Jürgen Müller"}, (), []),
    ],
)  # fmt: skip
def test_what_other_programs_export_is_read(  # noqa: PLR0917
    name: str,
    kind: str,
    addresses: tuple[str, ...],
    fields: dict[str, str],
    tags: tuple[str, ...],
    left_out: list[int],
) -> None:
    sheet = read((PEOPLE / name).read_bytes())
    row = only(name)
    assert sheet.kind == kind
    assert (row.addresses, dict(row.fields), row.tags) == (addresses, fields, tags)
    assert [one.line for one in sheet.left_out] == left_out


def test_every_kind_has_a_fixture() -> None:
    seen = {read(path.read_bytes()).kind for path in PEOPLE.iterdir()}
    assert {kind.name for kind in kinds()} - {"followupd"} == seen - {"vCard"}


@pytest.mark.parametrize(
    "text",
    [
        "email,name\na@x.org,Ada\n",
        "\ufeffemail,name\na@x.org,Ada\n",
        "EMAIL;Full_Name\r\na@x.org;Ada\r\n",
        "e-mail address\tContact Name\na@x.org\tAda",
        "sep=;\nE-Mail;Name\na@x.org;Ada\n",
        "First Name,Last Name,Mail\nAda,,a@x.org\n",
        "email|name\r a@x.org | Ada \r".replace("\r ", "\r"),
    ],
)
def test_marks_separators_and_spellings(text: str) -> None:
    (row,) = read(text.encode()).rows
    assert (row.addresses, row.fields["name"]) == (("a@x.org",), "Ada")


def test_utf_16_has_its_mark_and_other_encodings_are_named_by_the_user() -> None:
    assert read("email\tname\na@x.org\tMüller\n".encode("utf-16")).rows[0].fields["name"] == "Müller"
    old = "email,name\na@x.org,Ada\nb@x.org,Müller\n".encode("cp1252")
    (fault,) = read(old).faults
    assert (fault.line, "cp1252" in fault.hint) == (3, True)
    assert read(old, "cp1252").rows[1].fields["name"] == "Müller"
    with pytest.raises(LookupError):
        read(old, "klingon")


def test_faults_have_the_line_in_which_their_row_begins_and_come_all_at_once() -> None:
    sheet = read(b'email,name\n,Ada\nb@x.org,"two\nlines",more,cells\n\nc@x.org,Eve\n"d@x.org,"broken\ne@x.org,x\n')
    assert [(one.line, one.what.split(",")[0]) for one in sheet.faults] == [
        (2, "there is no address"),
        (3, "4 cells"),
        (7, "something stands right behind the quotation mark that ends a text"),
    ]
    assert [row.line for row in sheet.rows] == [6]


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"name,phone\nAda,1\n", b"email,name\n", b"\x00\x01\x02", b"email," * 2000]
)
def test_what_is_no_list_of_people_is_said(data: bytes) -> None:
    sheet = read(data)
    assert sheet.rows == ()
    assert sheet.faults != ()


def test_columns_that_nothing_is_taken_from_are_named() -> None:
    assert read(b"email,adimre,name\na@x.org,b,c\n").unread == ("adimre",)


def test_a_quoted_name_may_hold_the_separator_of_addresses() -> None:
    (row,) = read(b'email\n"""Lovelace, Ada"" <a@x.org>, b@x.org"\n').rows
    assert row.addresses == ('"Lovelace, Ada" <a@x.org>', "b@x.org")
