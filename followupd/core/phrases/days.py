"""Months, weekdays and relative days in the languages of the program, in lower case, as they stand in running text."""

from typing import Final

MONTHS: Final[dict[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "january jan januar jänner janner janvier janv enero ene gennaio gen janeiro januari stycznia styczeń sty tammikuuta tammikuun tammikuu leden ledna led ocak января январь янв січня січень",
            "february feb februar februari feber février fevrier févr fév febrero febbraio febb fevereiro fev lutego luty helmikuuta helmikuun helmikuu únor února úno şubat февраля февраль фев лютого лютий",
            "march mar märz maerz mär mrz mars marzo março marco mars maart mrt marca marzec marts maaliskuuta maaliskuun maaliskuu březen března bře mart марта март мар березня березень",
            "april apr avril avr abril abr aprile kwietnia kwiecień kwi huhtikuuta huhtikuun huhtikuu duben dubna dub nisan апреля апрель апр квітня квітень",
            "may mai mayo maggio mag maio mei maja maj toukokuuta toukokuun toukokuu květen května kvě mayıs мая май травня травень",
            "june jun juni juin junio giugno giu junho czerwca czerwiec kesäkuuta kesäkuun kesäkuu červen června haziran июня июнь червня червень",
            "july jul juli juillet juil julio luglio lug julho lipca lipiec heinäkuuta heinäkuun heinäkuu červenec července temmuz июля июль липня липень",
            "august aug août aout agosto ago augustus augusti sierpnia sierpień sie elokuuta elokuun elokuu srpen srpna srp ağustos августа август авг серпня серпень",
            "september sep sept septembre septiembre setiembre settembre setembro set września wrzesień wrz syyskuuta syyskuun syyskuu září eylül сентября сентябрь сент сен вересня вересень",
            "october oct oktober okt octobre octubre ottobre ott outubro out października październik paź lokakuuta lokakuun lokakuu říjen října říj ekim октября октябрь окт жовтня жовтень",
            "november nov novembre noviembre novembro listopada listopad lis marraskuuta marraskuun marraskuu listopadu kasım ноября ноябрь ноя листопада листопад",
            "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro grudnia grudzień gru joulukuuta joulukuun joulukuu prosinec prosince pro aralık декабря декабрь дек грудня грудень desember des",
        ),
        start=1,
    )
    for word in words.split(" ")
}

WEEKDAYS: Final[dict[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "monday montag lundi lunes lunedì lunedi segunda-feira segunda maandag poniedziałek poniedziałku måndag mandag maanantai maanantaina pondělí pazartesi понедельник понеділок 星期一 周一 週一 月曜 월요일",
            "tuesday dienstag mardi martes martedì martedi terça-feira terça dinsdag wtorek tisdag tirsdag tiistai tiistaina úterý salı вторник вівторок 星期二 周二 週二 火曜 화요일",
            "wednesday mittwoch mercredi miércoles mercoledì mercoledi quarta-feira quarta woensdag środa środę onsdag keskiviikko keskiviikkona středa středu çarşamba среда среду середа середу 星期三 周三 週三 水曜 수요일",
            "thursday donnerstag jeudi jueves giovedì giovedi quinta-feira quinta donderdag czwartek torsdag torstai torstaina čtvrtek perşembe четверг четвер 星期四 周四 週四 木曜 목요일",
            "friday freitag vendredi viernes venerdì venerdi sexta-feira sexta vrijdag piątek fredag perjantai perjantaina pátek cuma пятница пятницу п'ятниця п'ятницю п’ятницю 星期五 周五 週五 金曜 금요일",
            "saturday samstag sonnabend samedi sábado sabato zaterdag sobota sobotę lördag lørdag lauantai lauantaina sobotu cumartesi суббота субботу субота суботу 星期六 周六 週六 土曜 토요일",
            "sunday sonntag dimanche domingo domenica zondag niedziela niedzielę söndag søndag sunnuntai sunnuntaina neděle neděli pazar воскресенье неділя неділю 星期日 星期天 周日 週日 日曜 일요일",
        )
    )
    for word in words.split(" ")
}

TOMORROW: Final = "tomorrow|morgen|demain|mañana|domani|amanhã|jutro|imorgon|i morgon|i morgen|huomenna|zítra|yarın|завтра|明天|明日|내일"
TODAY: Final = "today|heute|aujourd['’]hui|hoy|oggi|hoje|vandaag|dzisiaj|dziś|idag|i dag|tänään|dnes|bugün|сегодня|сьогодні|今天|今日|本日|오늘"
NEXT_WEEK: Final = (
    "next week|(?:nächste|kommende)r? woche|la semaine prochaine|la próxima semana|la semana que viene|la prossima settimana|la settimana prossima|na próxima semana|"
    "semana que vem|volgende week|w przyszłym tygodniu|nästa vecka|næste uge|neste uke|ensi viikolla|příští týden|gelecek hafta|haftaya|на следующей неделе|"
    "наступного тижня|下周|下週|来週|다음 주|다음주"
)
NUMBERS: Final[dict[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "one a an ein eine einer einem une un una uno um uma één een jeden jedną en ett et yksi yhden jednu bir один одну одной 一",
            "two zwei deux dos due dois duas twee dwa dwie två to kaksi kahden dva dvě iki два две двух дві 两 二 兩",
            "three drei trois tres tre três drie trzy tre kolme kolmen tři üç три трёх трех 三",
            "four vier quatre cuatro quattro quatro cztery fyra fire neljä neljän čtyři dört четыре чотири 四",
            "five fünf cinq cinco cinque vijf pięć fem viisi viiden pět beş пять п'ять 五",
            "six sechs seis sei zes sześć sex seks kuusi kuuden šest altı шесть шість 六",
        ),
        start=1,
    )
    for word in words.split(" ")
}
UNITS: Final[tuple[tuple[str, int], ...]] = (
    (
        "days?|tage?n?|jours?|días?|giorn[oi]|dias?|dagen|dni|dzień|dagar|dage|dager|päivä[än]*|päivän|dny|dnů|dní|gün|дн(?:я|ей|і|ів)|день|天|日間|일",
        1,
    ),
    (
        "weeks?|wochen?|semaines?|semanas?|settiman[ae]|weken|tygodni[ea]?|tydzień|veckor|vecka|uger|uker|uke|uge|viiko[nt]?|viikkoa|týdn[yůe]|týden|hafta|недел[июья]|тижн[іяів]+|тиждень|周|週間|個星期|个星期|주",
        7,
    ),
)
"""Words for days and weeks, and how many days one is."""

IN_A_MONTH: Final = "in|until|till|through|by|early|late|im|bis|anfang|en|début|hasta|a|fino a|em|até|tot|w|do|v|i|til|till|før|asti|до|в|у"
"""Words before a month that is named without a day."""
END_OF: Final = "(?:the )?end of|ende|(?:la )?fin (?:de |du mois de |d['’])?|finales de|fine (?:di )?|(?:o )?final de|(?:o )?fim de|eind(?:e)?(?: van)?|koniec|końca|koncem|slutet av|udgangen af|utgangen av|slutten av|konce|конца|кінця"
MIDDLE_OF: Final = "mid(?:dle of)?[- ]?|mitte|mi-|mediados de|metà|meados de|midden|połowy|połowie|mitten av|midten af|midten av|puoliväli|poloviny|середины|середини"
