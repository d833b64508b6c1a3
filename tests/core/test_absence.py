"""The day of return: exact where it is said, never too early, None where it is not said."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from followupd.core.absence import return_date

WEDNESDAY = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)

SAID: tuple[tuple[str, str | None], ...] = (
    (
        "Thanks for your email! I am out of office with limited access. I’ll be returning on Monday, July 20th.",
        "2026-07-20",
    ),
    (
        "I will be on PTO from 7/6 to 7/17. If you need immediate assistance please contact support@x.test.",
        "2026-07-18",
    ),
    ("Hi, I'm on vacation and will respond to your email upon my return on the 15th of July.", "2026-07-15"),
    ("I am out of the office returning 9 July 2026", "2026-07-09"),
    ("Hello! I'm away until the 13th.", "2026-07-13"),
    ("I'm OOO through Friday, July 10 and will reply when I'm back on Monday the 13th.", "2026-07-13"),
    ("Our offices are closed from July 27 until August 14. We reopen on Monday, August 17.", "2026-08-17"),
    (
        "I am attending a conference this week and will have intermittent access to email. I will reply next week.",
        "2026-07-06",
    ),
    ("Currently travelling, back July 8th, responses may be slow.", "2026-07-08"),
    ("Ich befinde mich bis zum 17. Juli im Urlaub und bin ab dem 20. Juli wieder im Büro.", "2026-07-20"),
    ("Vielen Dank für Ihre Nachricht. Ich bin vom 06.07.2026 bis zum 17.07.2026 nicht erreichbar.", "2026-07-18"),
    ("Ich bin am Montag, 20.07. wieder für Sie da. Ihre E-Mail wird nicht gelesen.", "2026-07-20"),
    ("Leider bin ich derzeit außer Haus. Rückkehr: 15.7.2026", "2026-07-15"),
    ("Sie erreichen mich wieder am 13. Juli.", "2026-07-13"),
    ("Ich bin erst am 3. August wieder zurück", "2026-08-03"),
    ("Je suis actuellement en vacances. Retour le 20 juillet.", "2026-07-20"),
    (
        "En congé jusqu'au vendredi 17 juillet inclus, je traiterai votre message dès mon retour le lundi 20 juillet.",
        "2026-07-20",
    ),
    ("Je serai absente du bureau du lundi 6 juillet au vendredi 17 juillet.", "2026-07-18"),
    ("Merci de votre message. Je serai à nouveau joignable à partir du 15 juillet.", "2026-07-15"),
    ("Estoy fuera de la oficina y volveré el lunes 20 de julio.", "2026-07-20"),
    ("Me reincorporaré el 3 de agosto de 2026.", "2026-08-03"),
    ("Estaré de vacaciones desde el 6 hasta el 17 de julio.", "2026-07-18"),
    ("Sono in ferie dal 6 al 17 luglio. Risponderò al mio rientro.", "2026-07-18"),
    ("Sarò di nuovo in ufficio il 20 luglio.", "2026-07-20"),
    ("Estou de férias de 6 a 17 de julho.", "2026-07-18"),
    ("Estarei de volta no dia 20 de julho.", "2026-07-20"),
    ("Ik ben op vakantie en ben maandag 20 juli weer op kantoor.", "2026-07-20"),
    ("Ik ben afwezig tot 20 juli 2026.", "2026-07-20"),
    ("Przebywam na urlopie w dniach 6-17 lipca. Odpowiem po powrocie.", "2026-07-18"),
    ("Będę ponownie dostępny od 20 lipca.", "2026-07-20"),
    ("Jag har semester vecka 28-30 och är åter måndag 27 juli.", "2026-07-27"),
    ("Jag är ledig t.o.m. den 17 juli.", "2026-07-18"),
    ("Jeg er på ferie og er tilbage mandag d. 20. juli.", "2026-07-20"),
    ("Holder ferie til og med 17/7.", "2026-07-18"),
    ("Jeg er på ferie fra 6. juli til 17. juli.", "2026-07-18"),
    ("Er tilbake på jobb 20. juli.", "2026-07-20"),
    ("Olen kesälomalla 6.7.-31.7.2026. Palaan töihin 3.8.", "2026-08-03"),
    ("Olen poissa 17. heinäkuuta saakka.", "2026-07-17"),
    ("Čerpám dovolenou do 17. 7. 2026. Zpět budu 20. 7.", "2026-07-20"),
    ("Od 6. do 17. července nejsem v kanceláři.", "2026-07-18"),
    ("6-17 Temmuz tarihleri arasında yıllık izinde olacağım.", "2026-07-18"),
    ("20 Temmuz Pazartesi günü ofise döneceğim.", "2026-07-20"),
    ("Я нахожусь в отпуске с 6 по 17 июля. Выйду на работу 20 июля.", "2026-07-20"),
    ("Буду на месте с 20 июля.", "2026-07-20"),
    ("В отпуске до 20.07.", "2026-07-20"),
    ("Я перебуваю у відпустці з 6 до 17 липня.", "2026-07-18"),
    ("我在7月6日-7月17日期间休年假，20日返回工作岗位。", "2026-07-20"),
    ("我正在出差，7月10日后恢复正常办公。", "2026-07-10"),
    ("7/6～7/17まで夏季休暇をいただいております。", "2026-07-18"),
    ("7月20日(月)より通常通り出社いたします。", "2026-07-20"),
    ("7월 6일부터 7월 17일까지 여름휴가로 부재중입니다.", "2026-07-18"),
    ("7월 20일(월)부터 정상 근무합니다.", "2026-07-20"),
    ("Thank you for your message. I have left for the day.", None),
    ("I'm on maternity leave until January 2027.", "2027-01-01"),
    ("I am on sabbatical until the end of September.", "2026-10-01"),
    ("I'll be back in two weeks.", "2026-07-15"),
    ("I am out of office 06.07.2026 - 10.07.2026", "2026-07-11"),
    ("Out of office until 2026-07-20", "2026-07-20"),
    ("Please call 555-7/12 for help. I am away.", None),
    (
        (
            "I am out of the office Friday 7/10 and returning on Monday 7/13. For items that cannot wait "
            "until my return, please contact John Doe."
        ),
        "2026-07-13",
    ),
    (
        (
            "I am out of the office for vacation starting 7/29 and will return on 8/08. I will not have "
            "access to emails or voice mail during my time away."
        ),
        "2026-08-08",
    ),
    (
        (
            "I am out of the office and will have delayed or no response to email. I will get back to you "
            "as soon as possible when I return Wednesday August 12."
        ),
        "2026-08-12",
    ),
    (
        (
            "I will be out of the office this afternoon for a doctor's appointment. I will be back in the "
            "office tomorrow morning."
        ),
        "2026-07-02",
    ),
    ("現在不在にしており、8月27日に出社予定です。出社した際にご返信いたします。", "2026-08-27"),
    (
        (
            "Bonjour, je suis absent(e) du bureau du 1er juillet au 31 août compris et je n'aurai pas accès "
            "à ma messagerie pendant cette période."
        ),
        "2026-09-01",
    ),
    ("Email Error 408 - The recipient is not around until 24th of July.", "2026-07-24"),
    ("Je ne suis pas au bureau jusqu'à la semaine prochaine.", "2026-07-06"),
    ("Je suis out of office jusqu'au 24 août.", "2026-08-24"),
    ("I'm out of the office until 15 October.", "2026-10-15"),
    ("Ich bin vom 13. bis 24. Juli nicht im Büro.", "2026-07-25"),
    ("Ich bin ab 27.7. wieder für Sie erreichbar. Ihre Mail wird nicht weitergeleitet.", "2026-07-27"),
    ("Ich bin noch bis Freitag, 10. Juli, im Urlaub.", "2026-07-10"),
    ("Wir machen Betriebsferien vom 3.8. bis einschließlich 21.8.2026.", "2026-08-22"),
    ("Ich bin in der Zeit vom 06.07.26 - 17.07.26 nicht im Büro.", "2026-07-18"),
    ("Hallo, ich bin bis auf Weiteres nicht im Büro.", None),
    ("I am on sick leave, return date unknown.", None),
    ("Thank you for your email. I am on leave from Monday 6 July and returning Tuesday 21 July 2026.", "2026-07-21"),
    ("I will be on leave until Thursday 16th July inclusive.", "2026-07-17"),
    ("Away: 4 July - 11 July. Back: 12 July.", "2026-07-12"),
    ("I have no internet access until July 19.", "2026-07-19"),
    ("Returning 8/3/26", "2026-08-03"),
    ("OOO 7/3-7/10", "2026-07-11"),
    ("I am not in the office on Mondays.", None),
    (
        (
            "Our office will be closed on Friday, July 3 in observance of Independence Day and will reopen "
            "on Monday, July 6."
        ),
        "2026-07-06",
    ),
)


@pytest.mark.parametrize(("text", "back"), SAID)
def test_the_day_of_return_is_read(text: str, back: str | None) -> None:
    assert str(return_date(f"Automatic reply: Hello\n\n{text}", received=WEDNESDAY)) == str(back)


def test_a_day_without_a_year_is_the_next_one() -> None:
    received = datetime(2026, 12, 20, tzinfo=UTC)

    assert return_date("I am back on 4 January.", received=received) == date(2027, 1, 4)


def test_a_day_that_has_just_passed_is_past() -> None:
    assert return_date("I was away until 3 May.", received=datetime(2026, 5, 10, tzinfo=UTC)) is None
    assert return_date("I am away until 3 May.", received=datetime(2026, 5, 10, tzinfo=UTC)) is None


def test_a_day_far_ahead_is_not_believed() -> None:
    assert return_date("I am back on 4 January 2031.", received=WEDNESDAY) is None


def test_eight_months_ahead_are_honoured() -> None:
    assert return_date("I am on parental leave until 1 March 2027.", received=WEDNESDAY) == date(2027, 3, 1)


def test_the_day_begins_where_the_writer_lives() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert return_date("I am out today.", received=late) == date(2026, 7, 2)
    assert return_date("I am out today.", received=late, zone=ZoneInfo("Europe/Berlin")) == date(2026, 7, 3)


@pytest.mark.parametrize(
    ("month_first", "back"), [(True, date(2026, 8, 7)), (False, date(2026, 7, 8)), (None, date(2026, 8, 7))]
)
def test_a_date_in_two_readings_is_never_read_too_early(month_first: bool | None, back: date) -> None:
    assert return_date("I am back on 8/7.", received=WEDNESDAY, month_first=month_first) == back


def test_a_date_that_can_be_read_in_one_way_tells_how_the_others_are_meant() -> None:
    assert return_date("I am away from 7/27 to 8/7.", received=WEDNESDAY) == date(2026, 8, 8)
    assert return_date("I am away from 27/7 to 8/8.", received=WEDNESDAY) == date(2026, 8, 9)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I look forward to reading you on 12 August.",
        "Call +49 30 12.08.15 or room 12, may be. I am away.",
        "I am on leave and have no date yet.",
        "Our office was founded on 3 March 1999; I am out of the office.",
    ],
)
def test_no_day_is_made_up(text: str) -> None:
    assert return_date(text, received=WEDNESDAY) is None
