"""Words: clear requests to stop are found, near misses are not; a person who answers is never set aside for words."""

import pytest

from followupd.core import wording
from followupd.core.model import Verdict
from tests.core.reading import judged
from tests.fixtures.messages.sample import compose

REQUESTS = (
    "Please remove me from your mailing list",
    "Unsub",
    "I never signed up for this. Stop spamming me.",
    "Please take my email off your contact list, thanks.",
    "do not email me again",
    "Don't contact me anymore.",
    "Pls stop",
    "Remove please",
    "REMOVE ME",
    "Stop emailing!!",
    "Please cease all contact.",
    "Kindly stop sending me emails.",
    "I'd like to be removed from your list.",
    "Please delete my email address.",
    "Please don't send me any more emails.",
    "I do not wish to be contacted.",
    "Not interested. Please remove me from your database.",
    "STOP.",
    "I ask you to stop.",
    "This is spam. Do not write to me.",
    "please don't follow up again",
    "Don't write me again please",
    "I would prefer not to receive further emails from you.",
    "No further contact please",
    "Please refrain from emailing me in the future.",
    "opt me out",
    "Please leave me alone",
    "We're not interested, please stop contacting us",
    "Bitte löschen Sie meine Adresse.",
    "Bitte kontaktieren Sie mich nicht mehr",
    "Bitte nicht mehr schreiben.",
    "Ich möchte keine weiteren E-Mails von Ihnen erhalten.",
    "Bitte streichen Sie mich von Ihrer Liste",
    "Kein Interesse. Bitte sehen Sie von weiteren Nachrichten ab.",
    "Hören Sie auf, mir zu schreiben!",
    "Ich wünsche keinen weiteren Kontakt.",
    "Bitte keine Mails mehr.",
    "Schreiben Sie mir nie wieder.",
    "Ne m'écrivez plus.",
    "Merci d'arrêter de m'envoyer des mails.",
    "Je ne souhaite plus recevoir vos messages.",
    "Veuillez me désinscrire.",
    "Merci de me retirer de votre liste.",
    "Arrêtez de m'écrire",
    "Je vous prie de ne plus me contacter.",
    "Supprimez mon adresse svp",
    "No me escriba más",
    "Por favor deje de enviarme correos",
    "No deseo recibir más mensajes",
    "Desuscribirme",
    "Quiero darme de baja",
    "Elimíneme de su lista, por favor.",
    "No vuelva a contactarme.",
    "Por favor, deje de escribirme.",
    "Non desidero più essere contattato.",
    "Per favore non mi scriva più",
    "Cancellatemi dalla lista",
    "La prego di smettere di scrivermi.",
    "Basta email per favore",
    "Non contattatemi più",
    "Por favor, pare de me enviar e-mails.",
    "Não quero mais receber mensagens.",
    "Não me contacte mais",
    "Retire-me da lista",
    "Por favor não me escreva mais.",
    "Remova o meu e-mail da sua lista",
    "Graag geen mails meer.",
    "Ik wil geen e-mails meer ontvangen",
    "Stop met mailen",
    "Schrijf me niet meer aub",
    "Haal mij van de lijst",
    "Gelieve mij niet meer te contacteren.",
    "Proszę o usunięcie mojego adresu.",
    "Proszę więcej do mnie nie pisać.",
    "Nie chcę otrzymywać więcej wiadomości",
    "Proszę mnie wypisać z listy",
    "Proszę nie kontaktować się ze mną.",
    "Proszę przestać do mnie pisać",
    "Ta bort mig från listan",
    "Jag vill inte ha fler mejl",
    "Vänligen sluta kontakta mig",
    "Skriv inte till mig igen",
    "Inga fler mejl tack",
    "Fjern mig fra listen",
    "Kontakt mig ikke igen",
    "Skriv ikke til mig mere.",
    "Ingen flere mails, tak.",
    "Jeg vil ikke have flere mails.",
    "Fjern meg fra listen",
    "Ikke skriv til meg igjen",
    "Vennligst slutt å kontakte meg",
    "Jeg ønsker ikke flere e-poster",
    "Lopettakaa viestien lähettäminen",
    "Älkää ottako enää yhteyttä.",
    "Poistakaa minut postituslistalta",
    "En halua enempää viestejä",
    "Älä kirjoita minulle enää.",
    "Nepište mi prosím.",
    "Vyřaďte mě ze seznamu",
    "Už mě nekontaktujte",
    "Nechci dostávat další e-maily",
    "Přestaňte mi psát.",
    "Bana bir daha yazmayın",
    "Lütfen beni listeden çıkarın",
    "Artık e-posta almak istemiyorum",
    "Bana mail atmayın",
    "Lütfen yazmayı bırakın",
    "Не пишите мне больше",
    "Отпишите меня",
    "Удалите меня из рассылки",
    "Прекратите мне писать",
    "Я не хочу получать ваши письма",
    "Прошу больше не беспокоить",
    "Не пишіть мені більше",
    "Приберіть мене зі списку",
    "Припиніть мені писати",
    "Прошу більше не турбувати",
    "Я не хочу отримувати ваші листи",
    "请停止发送邮件",
    "不要再联系我",
    "请把我从列表中删除",
    "別再寄信給我",
    "请勿再打扰",
    "我不想再收到你的邮件",
    "メールの送信をやめてください",
    "今後のご連絡はご遠慮ください",
    "もう連絡しないでください",
    "リストから削除してください",
    "配信を停止してください",
    "다시는 연락하지 마세요",
    "메일 그만 보내세요",
    "목록에서 삭제해 주세요",
    "더 이상 연락하지 말아 주세요",
    "이메일을 보내지 말아주세요",
)

ANSWERS = (
    "I can't stop thinking about your question. Let me write more next week.",
    "You should take a look at the list of suppliers.",
    "We removed the middlemen first.",
    "Please send me no more than three questions.",
    "I don't want to waste your time, but call me.",
    "Delete the old address from your address book please, and write to my new one: a@b.test.",
    "I'm back from vacation and happy to help.",
    "I'm on holiday but will call you on Monday.",
    "I am away next week. Let's talk after that.",
    "I do not want to be paid for this.",
    "Contact me again in spring.",
    "No more than an hour, please.",
    "No.",
    "Nein, danke.",
    "Non merci.",
    "Thanks, got it.",
    "I'll be out of the office next week, so how about the week after?",
    "Ich bin nächste Woche im Urlaub. Passt es Ihnen danach?",
    "I left the company two years ago, but I can still tell you how it was.",
    "Received, thank you. I will read it tonight.",
    "My mailbox was full, sorry.",
    "The mail could not be delivered for a week in those days; we went on foot.",
    "Please confirm your visit on Thursday.",
    "Ticket prices were our first problem.",
    "Die Adresse meines Bruders finden Sie auf der Liste.",
    "Bitte hören Sie nicht auf meinen Bruder.",
    "Ich wurde damals nicht mehr gefragt.",
    "J'ai arrêté d'écrire des lettres en 1999.",
    "Il ne faut plus écrire à la main, on me dit.",
    "Dejé de fumar y de escribir.",
    "Smetta di fumare e venga a trovarmi!",
    "Pare aqui quando passar pela cidade.",
    "Sluta aldrig fråga!",
    "Hold op, hvor er det sjovt! Ring til mig.",
    "お断りする理由はありません。ぜひ。",
    "我在休假，但很高兴收到你的信。",
    "저는 휴가 중이지만 기꺼이 답하겠습니다.",
)

DOUBTFUL = (
    "Our office is closed on Fridays, come on Monday.",
    "Je suis en vacances la semaine prochaine, appelez-moi en janvier.",
    "Estoy de viaje esta semana; hablamos el lunes si le parece.",
    "Your request has been received with great joy here! Come and visit.",
)


NOTES = (
    "I am out of the office but I will reply as soon as possible.",
    "I'm on leave. I will be happy to assist you when I return.",
    "Sorry for the inconvenience, I am out of the office this week.",
    "I apologize for any inconvenience; I am travelling without access to email.",
    "Ich bin im Urlaub. Gerne beantworte ich Ihre Mail nach meiner Rückkehr.",
    "Ich bin nicht im Büro, lese aber gelegentlich meine Mails.",
    "Je suis en congés mais je consulte mes mails de temps en temps. Désolé pour la gêne occasionnée.",
    "Estoy de vacaciones, pero responderé a mi regreso. Disculpe las molestias.",
    "Sono in ferie ma leggo la posta. Mi scuso per il disagio.",
    "Estou de férias, mas responderei logo que possível. Peço desculpa pelo incómodo.",
    "Ik ben met vakantie, maar beantwoord uw mail graag na terugkomst.",
    "Jestem na urlopie, ale odpowiem po powrocie. Przepraszam za utrudnienia.",
    "Jag har semester men svarar gärna när jag är tillbaka.",
    "Jeg er på ferie, men svarer gerne når jeg er tilbage.",
    "Jeg har ferie, men svarer gjerne når jeg er tilbake.",
    "Olen lomalla, mutta vastaan palattuani. Pahoittelen häiriötä.",
    "Jsem na dovolené, ale odpovím po návratu. Omlouvám se za nepříjemnosti.",
    "İzindeyim ama döndüğümde yanıtlayacağım. Rahatsızlık için kusura bakmayın.",
    "Я в отпуске, но отвечу после возвращения. Извините за неудобства.",
    "Я у відпустці, але відповім після повернення. Вибачте за незручності.",
    "我正在休假，但是会尽快回复。给您带来不便，敬请谅解，抱歉。",
    "休暇中ですが、戻り次第返信いたします。ご迷惑をおかけして申し訳ありません。",
    "휴가 중이지만 복귀 후 답변드리겠습니다. 불편을 드려 죄송합니다.",
    "Need urgent help? Call the front desk. I am away until Monday.",
    "Thanks for your mail. I'm currently away on a trip. Talk soon!",
)
"""Notes with the courtesies, questions and "but" of vacation programs."""


@pytest.mark.parametrize("text", NOTES)
def test_a_courteous_note_of_absence_is_no_answer(text: str) -> None:
    fresh = judged(compose(text, {"In-Reply-To": "", "References": ""}))
    half_proved = judged(compose(text, {"Return-Path": "<>"}))

    assert (fresh.verdict, fresh.hold) == (Verdict.OTHER, True)
    assert half_proved.verdict is Verdict.AUTO_REPLY


@pytest.mark.parametrize("text", REQUESTS)
def test_a_clear_request_to_stop_is_found(text: str) -> None:
    said = wording.request_to_stop(text)

    assert said is not None
    assert said.rule.startswith("words.stop")


@pytest.mark.parametrize("text", [*ANSWERS, *DOUBTFUL])
def test_near_misses_are_no_requests(text: str) -> None:
    assert wording.request_to_stop(text) is None


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_that_mentions_an_absence_is_an_answer(text: str) -> None:
    assert judged(compose(text, {})).verdict is Verdict.REPLY


@pytest.mark.parametrize("text", DOUBTFUL)
def test_an_answer_that_sounds_like_a_machine_is_held_and_never_set_aside(text: str) -> None:
    judgement = judged(compose(text, {}))

    assert (judgement.verdict, judgement.hold) == (Verdict.OTHER, True)


@pytest.mark.parametrize("text", REQUESTS[:20])
def test_a_request_in_the_quotation_only_is_none(text: str) -> None:
    quoting = f"Yes, gladly.\n\nOn Thu, 3 Dec 2026 at 09:12, Me <me@me.test> wrote:\n> {text}\n"

    assert judged(compose(quoting, {})).verdict is Verdict.REPLY


@pytest.mark.parametrize(
    "subject",
    ["Automatic reply: Hello", "[EXTERNAL] Out of Office: Hello", "Re: Abwesenheitsnotiz", "自動応答: こんにちは"],
)
def test_a_subject_that_names_itself_automatic_is_recognised_behind_tags(subject: str) -> None:
    assert wording.automatic_subject(subject) is not None


@pytest.mark.parametrize(
    "subject", ["Re: Your automatic washing machine", "The office", "Holiday plans?", "Automation"]
)
def test_a_subject_that_only_speaks_of_such_things_is_not(subject: str) -> None:
    assert wording.automatic_subject(subject) is None
