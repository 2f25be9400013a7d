"""What references look like, what only looks like one, and the words that speak of calling.

English, Danish, German and Italian words stand side by side: people write in one language of
services in another. All patterns are for text that `normal.normalise` has prepared.
"""

import re


def words(listed: str) -> str:
    """One of these; a star at the end stands for any ending."""
    parts = (re.escape(word).replace(r"\*", r"\w*") for word in listed.split())
    return rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)"


def phrase(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# Addresses

EMAIL = phrase(r"(?<![\w.+-])[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?!\w)")
ENDINGS = (
    "com org net info help chat eu int gov edu nhs uk us ca au nz ie de at ch dk se no fi is it fr "
    "be nl es pt pl cz za in jp sg br mx ar kr lu ee health support app online io me"
)
URL = phrase(
    r"(?<![\w@.-])(?:https?://(?:[\w-]+\.)+[a-z]{2,}|(?:[a-z0-9äöüæøå-]+\.)+"
    rf"(?:{'|'.join(ENDINGS.split())})(?![\w-]|\.\w))"
    r"(?::\d+)?(?:[/?#][^\s<>\"')\]]*)?"
)
URL_TAIL = ".,;:!?'\"*"

# Numbers

SEPARATOR = r"(?:[ .]?\(\d{1,4}\)[ .-]?| ?[-/.] ?(?=\d)|[ ](?=[\d(]))"
LONG = re.compile(
    rf"(?<![\w.,+])(?:\+ ?|\((?=\+?\d))?\+?\d(?:\d|\)[ -]?(?=[\d(])|{SEPARATOR}(?=\d)?)*\d(?!\w)"
)
VANITY = re.compile(
    r"(?<![\w+])(?:\+?1[-. ])?8(?:00|33|44|55|66|77|88)[-. ](?:\d{3}[-. ])?[A-Z]{4,8}(?![\w])"
)
KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
SHORT = re.compile(
    r"(?<![\w.,:+/-])(?:\d{2}[ .]\d{2}(?:[ .]\d{2})?|\d{2,3} \d{3}|\d{3}[.-]\d{3}|\d-\d-\d"
    r"|\d \d \d|\d\.\d\.\d|\d{3,6})(?![\w]|[-.,:/]\d)"
)

# What looks like a number to call and is none. Blinded before numbers are looked for.

MONTHS = words(
    "jan* feb* mar mars marts march märz marzo apr* may maj mai maggio jun* jul* aug* ago* sep* "
    "oct* okt* ott* nov* dec* dez* dic* giugno luglio gen gennaio"
)
UNITS = words(
    "mg g kg ml l mcg µg km m cm mm mph kcal kwh gb mb kb px hz "
    "years year yrs old days day weeks week months month hours hour hrs minutes minute mins min "
    "seconds sec jahre jahren jahr tage tagen tag wochen monate stunden stunde minuten år dage dag "
    "uger måneder timer time minutter anni anno giorni giorno settimane mesi ore ora minuti "
    "times mal gange volte people persons men women children volunteers users members students "
    "patients friends calls callers customers pages points steps words items followers votes "
    "menschen leute personen patienten seiten schritte wörter punkte mennesker personer sider "
    "skridt frivillige persone pagine passi parole punti amici volontari percent prozent procent "
    "percento anrufer anrufe degrees grad gradi miles "
    "tablets tabletten tabletter compresse pills pillen piller "
    "homes beds rooms seats copies studies cases deaths meters metres meter metri kroner kr "
    "dkk euro euros eur dollars dollar usd pounds pence gbp aud cad cents chf"
)
MONEY_BEFORE = r"(?:[$€£¥]|(?<!\w)(?:kr|dkk|eur|euro|usd|gbp|aud|cad|chf|a\$)\.?) ?"
NUMBER = r"\d+(?:[., ']\d{3})*(?:[.,]\d+)?"
PLACES = words(
    "page pages p pp room rooms route highway bus linje linie flight chapter section article "
    "paragraph art psalm verse version seite s zimmer kapitel artikel side værelse pagina stanza "
    "capitolo articolo area level floor channel episode season windows year anno porsche boeing "
    "airbus peugeot bmw ferrari carrera model iso isbn issn iban cvr cpr order ref reference "
    "invoice case ticket claim account policy bestellung rechnung aktenzeichen ordre faktura sag "
    "ordine fattura pratica step top over under about around nearly almost roughly approximately "
    "etwa rund ungefähr cirka ca omkring circa quasi gate platform gleis binario block apartment "
    "postcode zip plz cap unit track bis score scored counted count weighed weighs"
)
STREET_AFTER = (
    r"(?:[A-Z][\w'-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Square|Court)\b"
)
STREET_BEFORE = (
    r"(?:\w*(?:straße|strasse|gade|vej|allé|weg|platz|gasse)"
    r"|(?:via|viale|piazza|corso)(?: [A-Z]\w+){1,3},?|Street|Road|Avenue),? "
)
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
MONTH = r"(?:0?[1-9]|1[0-2])"
YEAR = r"(?:19|20)\d\d"
HOUR = r"\d{1,2}(?:[:.]\d\d)?"
TO = "(?:-|to|bis|til|alle|al|and)"
WHEN = "(?:in|since|from|until|by|before|after|seit|im jahr|i|siden|nel|dal|del|fra)"
COUNTED = r"(?:no\.? |nr\.? |n\. |number |nummer |numero |than )?#? ?(?:[A-Z]{1,3}[- ]?)?"
BLIND = [
    phrase(r"(?<![\w-])24 ?(?:/|-|x) ?7(?:(?:/| ?-? ?)365)?(?!\w)"),
    phrase(r"(?<!\d)365 (?:days|tage|dage|giorni)"),
    # Dates
    phrase(rf"(?<!\d){YEAR}[-/.]{MONTH}[-/.]{DAY}(?!\d)"),
    phrase(rf"(?<![\d.]){DAY}(?:\. ?|[-/]){MONTH}(?:\. ?|[-/]){YEAR}(?!\d)"),
    phrase(rf"(?<![\d.]){MONTH}/{DAY}/(?:{YEAR}|\d\d)(?!\d)"),
    phrase(rf"(?<!\d){DAY}(?:st|nd|rd|th|\.)? {MONTHS}\.?,?(?: {YEAR})?(?!\d)"),
    phrase(rf"{MONTHS}\.? (?:{DAY}(?:st|nd|rd|th)?,? )?{YEAR}(?!\d)"),
    phrase(rf"(?<!\d){YEAR} ?{TO} ?(?:19|20)?\d\d(?![\d-])"),
    phrase(rf"(?<!\w){WHEN} {YEAR}(?![\d-]| \d)"),
    phrase(r"(?<![\w/])9/11(?!\w)"),
    # Times
    phrase(rf"(?<![\d.]){HOUR} ?{TO} ?{HOUR} ?(?:am|pm|uhr|h)(?!\w)"),
    phrase(rf"(?<![\d.])\d{{1,2}}[:.]\d\d ?{TO} ?\d{{1,2}}[:.]\d\d(?![\d.])"),
    phrase(r"(?<![\d:])\d{1,2}:\d\d(?::\d\d)?(?!\d)"),
    phrase(r"(?<!\w)(?:kl|klokken|at|ore|alle|um)\.? ?\d{1,2}\.\d\d(?![\d.])"),
    # Amounts and counted things
    phrase(rf"{MONEY_BEFORE}{NUMBER}"),
    phrase(rf"(?<![\d+]){NUMBER}[ -]?(?:%|°|[$€£]|{UNITS})"),
    phrase(rf"{PLACES}\.?:? ?{COUNTED}\d[\d -]*\d(?!\w)"),
    phrase(r"#\d+"),
    phrase(r"\d+ per cento"),
    # Addresses of machines
    phrase(r"(?<![\d.])\d{1,3}\.(?:\d{1,3}\.\d{3}|\d{3}\.\d{1,3})\.\d{1,3}(?![\d.]*\d)"),
    # Streets, and names that hold a number
    re.compile(rf"(?<![\w+])\d{{1,5}} {STREET_AFTER}"),
    re.compile(rf"(?<!\w){STREET_BEFORE}\d{{1,5}}(?!\d)"),
    phrase(r"(?<!\w)911 (?:turbo|carrera|gt\d?|targa|attacks?)(?!\w)"),
    phrase(r"(?<!\w)(?:covid|mp|iso|a|b|e)-?\d+(?!\w)"),
]

# Words of calling

CALL_VERB = words(
    "call calls calling dial dials dialling dialing phone phoning telephone ring ringe ringer "
    "ringing ringt ruf rufe rufen rufst ruft anruf* anzurufen wähl wähle wählen wählt erreich* "
    "telefonier* chiama chiami chiamare chiamate chiamando chiamalo telefona telefoni telefonare "
    "telefonate componi componga comporre componete opkald reach reached contact contatta "
    "contattare contatti kontakt* tast taste speak talk"
)
CALL_NOUN = words(
    "number numbers hotline hotlines helpline helplines lifeline crisisline line lines tel "
    "telephone telefon telefonnummer tlf fon nummer nummern nummeret numero numeri notruf "
    "notrufnummer krisentelefon sorgentelefon alarm* nødopkald hjælpelinje* linea telefono "
    "telefonnr seelsorge* telefonseelsorge beratung* rådgivning* livslinjen livslinien "
    "børnetelefonen emergency emergencies crisis krise* krisi emergenz* akut* notfall* "
    "ambulance police polizei politi* polizia carabinieri ambulanza rettungsdienst samaritans "
    "soccorso free freephone gratis kostenlos* toll-free gratuito mobile handy lægevagt* "
    "support help hilfe hjælp aiuto verde antiviolenza"
)
TEXT_VERB = words(
    "text texts texting txt sms smsen message schreib schreibe schreiben schreibt simse skriv "
    "skrive send sende sender sende senden sendet schick schicke schicken invia inviare invii "
    "manda mandare mandi scrivi scrivere scriva messaggio whatsapp sms'e"
)
CALL = phrase(CALL_VERB)
CALLING = phrase(f"{CALL_VERB}|{CALL_NOUN}")
TEXTING = phrase(TEXT_VERB)
ASIDE = r"(?: us| sie| uns| os)?(?: ?/ ?| or | and | oder | und | eller | og | o | e | a free )"
BOTH = phrase(rf"(?:{CALL_VERB}|{TEXT_VERB}){ASIDE}(?:send |per |en )?(?:{CALL_VERB}|{TEXT_VERB})")
# The word before the number, when what stands between is small talk.
LABEL = words(
    "number hotline helpline lifeline line tel telephone telefon telefonnummer tlf fon nummer "
    "nummeret numero notruf notrufnummer hjælpelinjen linea telefono unter auf"
)
DIRECT = phrase(
    rf"(?:{CALL_VERB}|{TEXT_VERB}|{LABEL})(?:[.:,]?[ ]+(?!\d)[\w'-]+){{0,3}}[.:,]?[ ]*[\"'(*]*$"
)
KEYWORD = re.compile(
    r"(?P<keyword>[\"'*_]{1,3}[A-Za-zÆØÅÄÖÜæøåäöü]{2,14}[\"'*_]{1,3}"
    r"|(?-i:[A-ZÆØÅÄÖÜ]{2,14})|(?-i:[A-Z][a-z]{2,10}))"
    r" (?:to|an|til|al|a|at|på) "
    r"(?:(?:the|die|den|nummer|number|numero|short code|nummeret) )*[*_]{0,3}$",
    re.IGNORECASE,
)
GOES_ON = phrase(r"^\s*(?:or|oder|eller|oppure|o|and|und|og|e)(?!\w)")
# What may follow a number that nobody knows, if it is one to call.
FOLLOWS = phrase(
    r" *(?:$|[^\w ]|(?:for|if|or|and|at|any|anytime|now|to|from|free|when|whenever|today|is|on|in|"
    r"as|day|tonight|immediately|straight|right|wenn|oder|und|an|anrufen|wählen|jederzeit|kostenlos|für|"
    r"ist|rund|hvis|eller|og|døgnet|nu|når|for|er|gratis|med|se|o|e|per|quando|subito|gratuito|"
    r"gratuitamente|è|sofort|heute|at|alle|hele|with|the|available|which|that|because|before|in)"
    r"(?!\w))"
)
SENTENCE_END = re.compile(r"[.!?](?=\s|$)(?<!\btlf\.)(?<!\btel\.)(?<!\bnr\.)|\n", re.IGNORECASE)
