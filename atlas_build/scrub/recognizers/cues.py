"""Words beside which a name stands, in the languages of the data. All in lower case; phrases are one to four words."""

from __future__ import annotations


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.replace("\n", "|").split("|") if phrase.strip())


GREETINGS = _phrases("""
hi|hello|hey|heya|hiya|dear|morning|good morning|good afternoon|good evening|good day|howdy|yo|greetings|thanks
thank you|thank you so much|thank you very much|thx|ty|many thanks|cheers|kudos to|props to|congrats
congratulations|sorry|welcome|bye|goodbye|well done|nice work|great work|good job|over to|thanks to|big thanks to
shout out to|shoutout to|hallo|liebe|lieber|guten morgen|guten tag|guten abend|moin|servus|sehr geehrte
sehr geehrter|danke|vielen dank|danke dir|hola|buenos días|buenos dias|buenas|estimado|estimada|querido|querida
gracias|muchas gracias|oi|olá|ola|bom dia|boa tarde|boa noite|caro|cara|prezado|prezada|obrigado|obrigada
muito obrigado|muito obrigada|bonjour|bonsoir|salut|cher|chère|coucou|merci|merci beaucoup|ciao|buongiorno|salve
gentile|grazie|привет|здравствуй|здравствуйте|добрый день|добрый вечер|уважаемый|уважаемая|дорогой|дорогая
спасибо|дякую|привіт|merhaba|selam|sevgili|teşekkürler|teşekkür ederim|sağ ol|hej|hoi|beste|bedankt|dank je|tack
takk|tak|cześć|drogi|dziękuję|szia|kedves|köszönöm|ahoj|dobrý den|díky|γεια|γεια σου|ευχαριστώ|xin chào|chào
cảm ơn|salam|moi|kiitos
""")
"""Strong: what follows, up to a comma or the end, is a name."""

SIGN_OFFS = _phrases("""
regards|best regards|kind regards|warm regards|with regards|many regards|with kind regards|with best regards
best wishes|warm wishes|sincerely|sincerely yours|yours|yours truly|yours sincerely|cheers|thanks|thank you
many thanks|thanks in advance|best|all the best|cordially|respectfully|love|br|rgds|mit freundlichen grüßen
mit freundlichem gruß|mit besten grüßen|mit herzlichen grüßen|viele grüße|beste grüße|liebe grüße|herzliche grüße
freundliche grüße|lg|vg|mfg|gruß|danke|danke und gruß|schöne grüße|bis bald|cordialement|bien cordialement
bien à vous|amicalement|bises|merci|merci d'avance|à bientôt|sincères salutations|atenciosamente|abraços|abraço
um abraço|att|obrigado|obrigada|cumprimentos|saludos|saludos cordiales|un saludo|atentamente|abrazos|un abrazo
gracias|cordiali saluti|distinti saluti|saluti|grazie|a presto|с уважением|с наилучшими пожеланиями|спасибо
з повагою|дякую|saygılarımla|saygılar|iyi çalışmalar|sevgiler|teşekkürler|met vriendelijke groet
met vriendelijke groeten|groeten|groetjes|groet|med vennlig hilsen|med venlig hilsen|med vänliga hälsningar
vänliga hälsningar|mvh|hilsen|terveisin|pozdrawiam|z poważaniem|üdvözlettel|s pozdravem|με εκτίμηση|trân trọng
""")
"""Strong: the next line, or what follows a comma, is a name."""

TITLES = _phrases("""
mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|herr|herrn|frau|señor|señora|señorita|sr|sra|srta|don|doña|dona|dom
monsieur|madame|mme|mlle|signor|signora|sig|dott|pan|pani|sayın|meneer|mevrouw|fru
""")

FIELDS = _phrases("""
author|authors|committer|reviewer|assignee|maintainer|owner|reporter|approver|approved by|reviewed by|created by
written by|reported by|assigned to|requested by|modified by|signed by|customer|patient|attendees|participants
kunde|kundin|bearbeiter|ansprechpartner|ansprechpartnerin|autor|autora|autorin|auteur|autore|responsable
responsável|автор|исполнитель|yazar|from|to|cc|bcc|signed|surname|last name|first name|full name
nachname|vorname|apellido|apellidos|sobrenome|yazan|hazırlayan|inceleyen|onaylayan|gönderen|проверил|проверила
составил|составила|ответственный|rédigé par|relu par|erstellt von|geprüft von|escrito por|revisado por
фамилия|имя|nombre completo|prénom|present|attended by|meeting notes
""")
"""Strong with a colon behind, else like a verb of asking."""

ASKING = _phrases("""
ask|asked|asking|tell|told|ping|pinged|cc|contact|contacted|email|emailed|e-mail|e-mailed|call|called|phone
phoned|message|messaged|notify|notified|invite|invited|thank|thanked|blame|blamed|credit|credited|meet|met|text
texted|remind|reminded|show to|talk to|talk with|talked to|talked with|talking to|talking with|spoke to
spoke with|speak to|speak with|check with|checked with|chat with|chatted with|agree with|agreed with|assign to
assigned to|assigned it to|sent to|sent it to|send to|send it to|forward to|forwarded to|forwarded it to
hand it to|handed to|handed over to|approved by|reviewed by|decided by|reported by|written by|created by|made by
requested by|authored by|maintained by|owned by|signed by|done by|fixed by|built by|added by|designed by
submitted by|posted by|merged by|committed by|wanted by|used by|suggested by|found by|tested by|introduced by
drafted by|translated by|rejected by|proposed by|implemented by|prepared by|sent by|contributed by|commented by
agreed by|broken by|pushed by|reverted by|edited by|signed off by|according to|on behalf of|courtesy of
review from|approval from|feedback from|message from|mail from|email from|request from|comment from|report from
pr from|commit from|input from|reply from|what|works for|work for|fails for|fail for|broken for|breaks for
waiting for|waiting on|works with|working with|pairing with|paired with|meeting with|call with|but not for
and for|or for|only for|my daughter|my son|my wife|my husband|my partner|my colleague|my coworker|my co-worker
my boss|my manager|my friend|my buddy|my brother|my sister|my mother|my father|my mom|my dad|my teammate
my client|my customer|my cto|my ceo|my lead|my intern|my supervisor|my professor|my advisor|my neighbour
my neighbor|my cousin|my uncle|my aunt|my girlfriend|my boyfriend|my fiancé|my fiancée|our designer|our manager
our lead|our cto|our ceo|our boss|our intern|our tester|our client|our customer|our colleague|our admin
our accountant|our architect|the designer|the client|the customer|the intern|the maintainer|the reviewer
the founder|colleague|coworker|teammate|named|user named|emailed|klient|klientka|klienta|клиент|клиентка
клиента|клиенту|chị|anh|ông|bà|frag|frage|fragt|fragen|sag|sage|sagt|bitte|laut
meine tochter|mein sohn|meine frau|mein mann|mein kollege|meine kollegin|kollege|kollegin
kollegen|mein chef|meine chefin|mein freund|meine freundin|pregunta a|pregúntale a|preguntale a|pregunte a|dile a
dice|según|segun|mi jefe|mi jefa|mi hijo|mi hija|mi colega|mi compañero|mi compañera|mi amigo|mi amiga|habla con
hablé con|el correo de|correo de|pergunta ao|pergunta à|pergunta a|pergunte ao|pergunte à|pergunte a|fala com
fale com|falar com|segundo o|segundo a|meu chefe|meu colega|meu filho|meu marido|minha chefe|minha colega
minha filha|minha esposa|demande à|demandez à|dis à|selon|mon collègue|mon chef|mon fils|mon mari|mon ami
ma collègue|ma cheffe|ma fille|ma femme|mon amie|d'après|chiedi a|secondo|parla con|vraag aan|vraag het aan
zeg tegen|volgens|спроси|спроси у|спросите|спросите у|скажи|скажите|передай|передайте|запитай|запитай у
запитайте у|по словам|коллега|коллеги|коллегу|напиши|напишите|ρώτα|ρώτα τον|ρώτα την|ρώτησε τον|πες στον|πες στην
kérdezd meg|kérdezd|szólj|promise|promised|owe|owed|heard from|reach out to|reached out to|met with|hired
onboarded|interviewed|mentored|zapytaj|zapytaj o|powiedz|fråga|spør|spørg|kysy|zeptej se|întreabă|hỏi|nhờ
""")
"""A name that is no ordinary word may follow."""

NAMINGS = _phrases("""
my name is|my name's|ich heiße|ich heisse|mein name ist|je m'appelle|me llamo|mi nombre es
meu nome é|me chamo|mi chiamo|меня зовут|мене звати
benim adım|mijn naam is|jag heter|jeg heter|jeg hedder|nazywam się|με λένε|tên tôi là
""")
"""Strong: a name follows."""

INTRODUCTIONS = _phrases("""
my name is|my name's|name is|i am|i'm|im|this is|it's|here is|call me|ich heiße|ich heisse|ich bin|mein name ist
hier ist|je m'appelle|je suis|moi c'est|me llamo|mi nombre es|soy|meu nome é|eu sou|me chamo|mi chiamo|sono
меня зовут|мене звати|это|я|adım|ben|benim adım|ik ben|mijn naam is|jag heter|jeg heter|jeg hedder|nazywam się
jestem|με λένε|είμαι|tên tôi là|tôi là
""")
"""A name may follow; it is followed in turn by punctuation or one of `AFTER_INTRODUCTION`."""

AFTER_INTRODUCTION = _phrases("from|and|here|with|at|the|who|aus|und|vom|de|del|di|и|из|y|et|e|van|en|on")

BELONGINGS = _phrases("""
laptop|machine|computer|macbook|phone|desk|screen|idea|opinion|suggestion|decision|question|feedback|request|review
mail|email|e-mail|approval|account|calendar|office|home|house|flat|wife|husband|daughter|son|manager|boss|birthday
vacation|handwriting|salary|password
""")
"""What a person has: behind a possessive they make an unusual word a name."""

SAYING = _phrases("""
said|says|asked|asks|wrote|writes|want|wants|wanted|approve|approves|approved|told|think|thinks|thought|replied
answered|complained|reported|reviewed|merged|pushed|committed|requested|insisted|mentioned|suggested|decided
confirmed|agreed|rejected|fixed|broke|owns|maintains|did|does|has|had|was|already|also|needs|needed|likes|hates
knows|sent|made|changed|deleted|commented|tested|found|reads|attended|called|emailed|from|on|hat|sagt|sagte
möchte|meint|meinte|war|dice|dijo|pidió|quiere|escribió|disse|pediu|quer|mandou|escreveu|a dit|veut|demande
ha detto|vuole|zei|wil|сказал|сказала|просил|просила|попросил|попросила|хочет|написал|написала|сказав|каже|istedi
istemedi|istiyor|dedi|yazdı|bu|powiedział|powiedziała|chce|mondta|kéri|kollégát|sa|sade|είπε
""")
"""A name that is no ordinary word may stand before."""
