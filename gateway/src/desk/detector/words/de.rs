//! German.

use super::Concept::{self, *};

/// The words.
pub const WORDS: &[(Concept, &str)] = &[
    (
        Human,
        "mensch, menschen, menshc, menschlich*, fleisch und blut, lebewesen, wesen, echte person, echten person, richtige person, lebende person, menschliche* mitarbeiter, menschliche* hilfe, menschliche* ansprechpartner*",
    ),
    (
        CallMe,
        "ruf* mich, ruft mich, rufen sie mich, mich anrufen, mich zurückrufen, mich zurückruft, mich anruft, rückruf*, zurückruf*, melden sie sich, meldet sich, meldet euch, sich melden, sich bei mir, bei mir melden, sich jemand melden, kontaktieren sie mich, mich kontaktiert, kontaktiert mich, bitte anrufen, heute anrufen, klingelt durch, schreiben sie mir, schreibt mir, mir schreib*, mich mal an, anruf von ihnen, mich bitte an, persönlich betreut, bei mir an",
    ),
    (
        PutThrough,
        "verbinden sie mich, verbinde mich, verbind mich, verbindet mich, mich verbinden, verbunden werden, verbinden bitte, durchstell*, durchzustell*, stellen sie mich, stell* mich, weiterleit*, weiterzuleit*, leiten sie mich, leite mich, leite* weiter, weitergeb*, weiterverbind*, übergib*, überge*, übernehm*, übernimm*, eskalier*, gib mir einen, gib mir nen, gib mir den, gebt mir einen, gebt mir nen, geben sie mir einen, geben sie mir den, gib mir jemand*, gib mir wen, gib mich, hol wen, hol jemand*, hol mal, dazuhol*, dazukomm*, ranlass*, ans telefon, an die leitung, an den apparat, mit jemand*, mit einem, mit einer, mit nem, mit dem, mit der, von einem, sprechen mit, reden mit, vermittel*",
    ),
    (Quoted, "schrieb, geschrieben, getippt, tippte, meinte, sagt, hieß es, nur spaß, spaß, scherz, aus jux, witz"),
    (
        Someone,
        "person, personen, jemand*, jmd, jmnd, irgendwer, irgendwen, irgendwem, irgendjemand*, irgendeiner, irgendeinen, wer, wen, wem, einer von, einen von, einem von, eine von, leute, leuten, leut, öpper*, typ, einen der, eine die, jemandn",
    ),
    (
        Role,
        "agent, agenten, agentin, *mitarbeiter, *mitarbeiterin, *mitarbeitern, mitarbieter, mitarbeter, mitabeiter, mitarbeitenden, mitarbeitende*, *berater, *beraterin, *beratern, kolleg*, chef, chefin, *ansprechpartner*, ansprechparnter, ansprechperson*, *sachbearbeiter*, bearbeiter*, vorgesetzt*, *leiter, *leiterin, verantwortlich*, zuständig*, manager*, betreuer*, *techniker*, fachmann, fachfrau, fachkraft, experte*, experten, spezialist*, verkäufer*, operator*, geschäftsführ*, inhaber*, besitzer*, disponent*, monteur*, sekretär*, bevollmächtigt*, angestellt*, supervisor, teamleiter, telefonist*, oberen, höhere stelle, vertreter*, *betreuer, *betreuerin, servicekraft, servicekräfte, sachkundige*, bediensteten, bedienstete, ansprechbar*, kundendienstler, disposition, fachkundig*",
    ),
    (
        Desk,
        "support, *kundendienst, *kundenservice, *kundenbetreuung, kundensupport, *service, servicecenter, serviceteam, team, buchhaltung, abteilung, fachabteilung, zentrale, vermittlung, hotline, rechnungsstelle, technik, vertrieb, verkauf, versand, lager, reklamation*, beschwerdestelle, beschwerde, geschäftsleitung, geschäftsführung, filiale, büro, personal, callcenter, live chat, livechat, live support, livesupport, live agent, *hilfe, rezeption, empfang, verwaltung, kundenberatung, beratung, persönliche betreuung, eurem team, ihrem team, eurer seite, ihrem haus, persönliche beratung, persönliche hilfe, menschliche hilfe, kundenhotline, servicehotline",
    ),
    (
        Want,
        "will, wil, wll, wollen, wollte, möchte, möcht, möchten, mag, hätte gern*, hätt gern*, hätte lieber, würde gern*, würd gern*, würde lieber, würde ich gern*, brauch, brauche, brauchen, bräuchte, bräucht, brauchn, benötig*, verlang*, fordere, wünsch*, bevorzug*, lieber, suche, such, bestehe auf, bitte um, muss, müsste, wär nett, wäre nett, wäre schön, wäre es möglich, am liebsten, erwarte, gesucht",
    ),
    (
        Talk,
        "sprech*, sprich*, gespräch*, rede*, redn, redet, schreib*, chatt*, telefonier*, unterhalt*, besprech*, klären, abklären, diskutier*, austausch*, kommunizier*, schnack*, plaudern, quatsch*, erklär*, beschwer*, schwätz*, kontakt, verständig*",
    ),
    (
        Connect,
        "verbind*, verbund*, weiterleit*, leit* mich, leite* weiter, weiter leiten, leiten sie, durchstell*, stell* mich, stellen sie mich, stell* sie, durchzustell*, weiterzuleit*, weitergeleit*, weitergeb*, weiterverbind*, überge*, übergab*, übergib*, überstell*, vermitteln, vermittle, vermittel, übernehm*, übernimm*, einschalt*, hinzuzieh*, eskalier*, gib* mir, gebt mir, geben sie mir, geb* mir, gib mich, hol*, holt, weiterreich*, ranlass*, dranlass*, ans telefon, an die strippe, an die leitung, an den apparat, einbind*, drangehen, durchgestellt",
    ),
    (
        Call,
        "anruf*, angerufen werden, ruf* mich, ruft mich, ruf* an, rufen sie, rufts, zurückruf*, rückruf*, zurückgerufen, ruckmeld*, rückmeldung, meld*, kontaktier*, kontaktaufnahme, erreich*, telefon*, fon, durchklingel*, klingelt durch, klingel durch, bimmel*, anrufn, callback, in verbindung setzen, in kontakt treten",
    ),
    (
        Help,
        "helf*, hilf*, weiterhelf*, antwort*, beantwort*, kümmer*, anschau*, ansieht, ansehen, angucken, drübergucken, draufschau*, drüberschau*, drauf schauen, schaut sich, schaun, prüf*, bearbeit*, lös*, unterstütz*, zuhör*, hört mir, lies*, liest, betreu*, persönlich, durchsehen, nachschau*, auskenn*, versteht",
    ),
    (
        Give,
        "gib, gibt, geb, geben, gebt, gibts, gibt es, schick*, such mir, hol mir, find*, bekomm*, krieg*, bring*, lass*, lasst, her mit, hast du, habt ihr, haben sie, habts, besorg*",
    ),
    (
        May,
        "kann, könn*, könnt*, konnt*, kannste, kannst, darf, dürfte, bitte, bitt, pls, please, bidde, möglich, möglichkeit, freundlich, so nett, seien sie so, wären sie so, würden sie, würdest, könntet, chan, ließe sich, lässt sich, geht das dass, 🙏",
    ),
    (
        Now,
        "jetzt, sofort, dringend*, gleich, umgehend, heute, heute noch, schnell*, augenblicklich, unverzüglich, endlich, asap, eilt, zackig, direkt, zügig, notfall",
    ),
    (
        Bot,
        "bot, bots, chatbot*, roboter*, robi, automat*, maschine, maschinen, computer*, ki, ai, künstliche intelligenz, textbaustein*, standardantwort*, standardtext*, floskel*, vorgefertigt*, bandansage, programm, algorithmus, menü, skript, blechkiste, blechdose, kasten, automatische antworten, virtuelle* assistent*, system, sprachassistent",
    ),
    (
        Fail,
        "nutzlos*, dumm*, blöd*, doof*, scheiß*, scheiss*, mist, sinnlos*, bescheuert*, unfähig*, kompletter, versteht nicht*, verstehst nicht*, versteht mich nicht, verstehst mich nicht, kapier*, checkt*, rafft*, raffst, dieselbe, dasselbe, das gleiche, die gleiche, immer nur, schon wieder, zum dritten mal, zum fünften mal, das dritte mal, mal gefragt, bringt nix, bringt nichts, hilft nicht, hilft mir nicht, helfen mir nicht, keine lust, schnauze voll, satt, genug, genervt, nervt, verzweifel*, dreh* sich im kreis, im kreis, gefühlt, sinnfrei, quatsch, wand, komme nicht weiter, komm nicht weiter, weiß nicht weiter, klappt nicht mit, nicht weiter, mir reichts, reichts, so wird das nix, hoffnungslos",
    ),
    (
        Stop,
        "stop, stopp, stoppen, aus, ausschalt*, abschalt*, abstell*, beend*, schluss, aufhören, hör auf, hören sie auf, schalt*, weg mit, raus aus, genug von, nix",
    ),
    (
        Real,
        "echt*, richtig*, real*, leibhaftig*, wirklich*, lebend*, kompetent*, lebendig*, menschlich*, denkend*, vernünftig*, live, ahnung, der sich auskennt, der mich versteht, in echt",
    ),
    (
        There,
        "da, hier, online, erreichbar, verfügbar, vor ort, am anderen ende, dran, dienst, zuhause, anwesend, bei euch, bei ihnen",
    ),
    (
        How,
        "wie erreiche, wie komme ich, wie komm ich, wie kann ich, wo finde, wo ist, wo sind, wo, wie, wer kann, wer ist, wer hilft, an wen, mit wem, wen kann, welche nummer, welche taste, was muss ich, gibt es eine möglichkeit, wann kann",
    ),
    (Not, "nicht, ned, net, nit, nie, kein*, koa, ohne, nimmer, nein, nö, statt, anstatt, weder, nix, nich"),
    (Nobody, "niemand*, keiner, keinen, keine person, kein mensch, kein mitarbeiter, keinen mitarbeiter, keinen berater"),
    (Instead, "statt, anstatt, sondern, stattdessen, anstelle, lieber als, und nicht, und keinen"),
    (
        Over,
        "gestern, vorgestern, letzte woche, letztes mal, letzten, vorhin, neulich, heute morgen, heute früh, habe gesprochen, gesprochen, geredet, telefoniert, gesagt, angerufen, geholfen, war, waren, wurde, meinte, sagte, hat mir, hat mich, haben mir, schon, bereits, versprochen, gemeint, erklärt, gemeldet, kam, hatte, wollte, gefragt, letztens, damals",
    ),
    (
        Later,
        "wenn, falls, sollte, später, dann, morgen, vielleicht, eventuell, ansonsten, sonst, sobald, irgendwann, evtl, ein andermal, bis freitag, demnächst",
    ),
    (
        Settled,
        "erledigt, gelöst, geklärt, geklappt, vergiss, vergessen sie, egal, hinfällig, nicht mehr nötig, nicht nötig, nicht notwendig, doch nicht, brauche niemanden, brauche keinen, alles klar, alles gut, geht wieder, stornier*, streichen, selbst gefunden, gefunden, ignorier*, nicht mehr, nein danke, reicht, hat sich, passt schon",
    ),
    (
        Praise,
        "danke an, danke für, dank an, nett, netten, super, toll*, freundlich*, hilfsbereit, klasse, top, spitze, grüße, lob, prima, kompetent beraten, gut beraten, großartig, hervorragend, bester, beste, zufrieden, lieb, guter, gar nicht schlecht, schneller",
    ),
    (
        YouAre,
        "bist du, bist du ein, sind sie, sind sie ein, seid ihr, ist das, ist das hier, rede ich, schreibe ich, schreib ich, spreche ich, chatte ich, red ich, habe ich es mit, du bist, bistn, is das",
    ),
    (
        IAm,
        "ich bin, bin selbst, bin selber, bin, wir sind, ich arbeite, arbeite als, als, mein chef, meine chefin, mein mann, meine frau, mein bruder, meine schwester, mein freund, meine freundin, mein kollege, meine kollegin, mein mitarbeiter, meine mitarbeiter, unsere mitarbeiter, mein vater, meine mutter, mein berater, meinem chef, für meinen, unser chef, unser team, meine kunden",
    ),
    (
        Become,
        "bewerb*, sucht ihr, suchen sie gerade, stellenangebot*, stellen*, stellt ihr, ausbildung, jobs, job, werden, werde, verdient, gehalt, praktikum, einstellen, karriere, quereinstieg, anheuern, azubi",
    ),
    (
        Thing,
        "nummer, *nummer, nr, code, *code, *rabatt, rabatt, ausweis, karte, konto, *zeiten, wann hat, geöffnet, uhrzeit, preis, kostet, pro, je, zimmer, tisch, zelt, grill, bild, foto, größe, ticket, buch, haar*, perücke, *haar, waage, personenwaage, personenzahl, saugroboter, mähroboter, küchenmaschine, kaffeemaschine, waschmaschine, spülmaschine, nähmaschine, lautsprecher, handy, wlan, drucker, punkte, überweisung, link, liste, gutschein*, kleid, hose, paket, bote, immobilien*, versicherung*, reise*, makler*, sicherheits*, mobilfunk*, rechte, *rechte, körper, anzahl, personalabteilung, personalausweis, rechnung auf, firma, app, android, newsletter, garantie, auf dem bild, ware, katalog, vertrag*, ratgeber",
    ),
    (
        Count,
        "ein, eine, zwei, drei, vier, fünf, sechs, acht, zehn, wie viele, wieviele, mehrere, beide, pro person, je person, für, bis zu, anders, anderes, andere person, jemand anders, jemand anderes",
    ),
    (
        Your,
        "ihr, ihre, ihren, ihrem, ihrer, euer, eure, euren, eurem, eurer, euch, dein, deine, deinen, deinem, von euch, von ihnen, aus dem team, vom support, aus ihrem, aus eurem, ihnen",
    ),
    (Me, "ich, mich, mir, i, uns, wir, mein, meine, meinen, meiner"),
    (With, "mit, an, zu, zum, zur, bei, vom, von, durch, weiter, übers, beim, aus"),
    (
        Filler,
        "einen, einem, einer, eines, nen, nem, ner, n, a, am, ma, den, der, die, das, dem, des, hallo, hi, hey, moin, servus, grüezi, guten tag, guten morgen, guten abend, danke, mal, doch, auch, gern, ja, und, sry, sorry, überhaupt, denn, eigentlich, dieser, diesen, dieses, diese, es, sich, zwar, ok, hab, einfach, nur, bitteschön, so",
    ),
];
