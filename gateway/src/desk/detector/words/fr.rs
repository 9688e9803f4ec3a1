//! French.

use super::Concept::{self, *};

/// The words.
pub const WORDS: &[(Concept, &str)] = &[
    (
        Human,
        "humain*, humin, umain, être humain, être vivant, chair et en os, chair et d'os, vraie personne, vrai gens, vrai mec, vraie dame, personne réelle, personne physique, conseiller humain, agent humain, assistance humaine, réponse humaine, interlocuteur humain, vrai être",
    ),
    (
        CallMe,
        "appelez moi, appelle moi, rappelez moi, rappelle moi, rappelés, m'appel*, m'appell*, me rappel*, me rappell*, me téléphon*, me tel, me contact*, contactez moi, contacte moi, contactez nous, être rappelé*, être recontacté*, être contacté*, qu'on me rappelle, recontactez moi, me recontact*, me joindre, de me rappeler, nous rappel*, m'écri*, écrivez moi, un rappel, coup de fil, me répond*, un appel, qu on m appelle, qu on me contacte, demande de rappel",
    ),
    (
        PutThrough,
        "passez moi, passe moi, passes moi, me passer, me passez, tu me passes, mettez moi en, mets moi, met moi, mettre en relation, mettre en contact, mis en relation, mise en relation, en relation avec, en contact avec, en ligne avec, en communication avec, transférez moi, transfere moi, transferez moi, me transfér*, redirigez moi, orientez moi, basculez moi, faites intervenir, faire intervenir, prenne le relais, prendre le relais, relais, reprenne*, reprendre la main, prend en main, prendre en main, escalad*, remont* à, parler à, parler a, parler au, parler avec, discuter avec, échanger avec, causer avec, parlé à, parlé a qq1, m'adresser à, m'entretenir avec, donne moi qqn, donnez moi le service, ramène qu*, confier",
    ),
    (Quoted, "a écrit, a tapé, tapé, écrit, dit, disait, me dit de, pour rire, blague, pour déconner, dit de taper"),
    (
        Someone,
        "personne, personnes, pers, quelqu'un, quelqu un, quelquun, quelqun, quelcun, qq1, qqn, qqun, qq un, qlq1, qlqun, qlqn, kelk1, kelkun, l'un de, l'un d, un de vos, une de vos, un de vous, gens, mec, un gars, dame, individu, interlocuteur*, interlocutrice",
    ),
    (
        Role,
        "conseill*, conseiler, conseillé, consseill*, agent, agents, agente, opérat*, responsable*, employé*, collaborat*, représentant*, gérant*, gestionnaire*, directeur, directrice, chef, cheffe, chefs, patron*, manager*, superviseur*, supérieur*, technicien*, collègue*, vendeur*, vendeuse, standardiste, télé conseiller, téléconseill*, spécialiste*, expert*, chargé de, chargée de, salarié*, membre de l'équipe, membre du personnel, membre de votre, assistante, propriétaire, référent*, préposé*, modérat*, hiérarchie, n+1, commercial, télévendeur*, interlocuteur*, interlocutrice*, agent humain, conseiller humain, habilité*, qualifié*",
    ),
    (
        Desk,
        "support, service client*, service clientèle, service après vente, service technique, service commercial, service facturation, service comptable, service réclamation*, votre service, le service, sav, équipe*, compta, comptabilité, facturation, hotline, standard, département, accueil, siège, bureau, logistique, entrepôt, boutique, magasin, direction, livechat, live chat, chat en direct, chat en live, assistance, aide humaine, centre d'appel*, personnel, réclamations, l'administration, vos équipes, votre équipe, chez vous, assistance humaine, relation client*, relations clients, service relation, votre siège",
    ),
    (
        Want,
        "veux, veu, jveux, jveu, jv, je ve, voudrais, voudrai, jvoudrais, voudrions, souhait*, préfèr*, préfér*, prefere, aimerai*, besoin, exig*, réclame, demande à, demander à, cherche*, attends, il me faut, il faut, faut, faudrait, me faudrait, souhaiterais, désir*, mieux vaut, plutôt, tiens à, aurais voulu, aurais souhaité, aurais aimé, serait il possible, apprécierais, nécessite, vx, envie de, dois",
    ),
    (
        Talk,
        "parl*, discut*, échang*, caus*, dialogu*, convers*, entretenir, m'entretenir, tchat*, chatt*, expliqu*, m'adresser, adresser à, s'adresser, bavard*, papot*, plaindre, me plaindre, réclamation, écri*, communiqu*, exposer, de vive voix",
    ),
    (
        Connect,
        "transfér*, transfere*, transmet*, transmis*, passe moi, passes moi, passez moi, passé moi, passer à, me passer, me passez, tu me passes, mets moi, met moi, mettez moi, mettre en relation, mettre en contact, mis en relation, mise en relation, en relation avec, en contact avec, en ligne avec, en communication avec, redirig*, orient*, rediriger, renvoyez moi vers, basculer, bascule, connect*, escalad*, remont*, faites intervenir, faire intervenir, intervenir, interven*, prenne le relais, prendre le relais, relais, reprenne*, reprendre la main, reprendre, prendre en main, prend en main, prise en charge, prendre en charge, prenne en charge, ramène*, met en, mettre avec, passe le, passe la, laissez moi parler, dirige*",
    ),
    (
        Call,
        "appel*, appell*, rappel*, rappell*, téléphon*, tél, tel, contact*, joindre, joign*, joignez, recontact*, au téléphone, en direct, un coup de fil, coup de fil, m'appeler, sonnez, passer un coup, bigophone, appl",
    ),
    (
        Help,
        "aid*, répon*, repond*, réponse humaine, assist*, traite*, traiter, occup*, s'occupe, regard*, jeter un œil, jeter un oeil, jette un œil, lise, lire, lit, lisent, étudi*, examin*, vérifi*, comprenne, écout*, résou*, débloqu*, suiv*, dépann*, personnellement, renseign*",
    ),
    (
        Give,
        "donne*, donnez, envoy*, trouve*, trouver, amène*, avoir, obtenir, file moi, filez moi, laisse*, laissez, y a t il, ya t il, est ce qu'il y a, il y a, y a, ya, y'a, appelle moi, faites venir, va chercher, ramenez, existe",
    ),
    (
        May,
        "peux, peut, peu, puis je, pouvez, pouvons, pouve, pourr*, pourriez, pourrait, pourrais, pourrai, possible, possibilité, svp, stp, sil vous plait, s'il vous plaît, s'il te plaît, s il vous plait, sil te plait, please, plz, merci de, merci d, veuillez, prière de, auriez vous, voudriez, je vous prie, bien vouloir, amabilité, moyen de, y a moyen, jpeux, jpe, c'est possible, 🙏",
    ),
    (
        Now,
        "maintenant, tout de suite, vite, urgent*, immédiat*, aujourd'hui, de suite, rapidement, dans les plus brefs délais, dès que possible, au plus vite, asap, sans attendre, illico, enfin, dare dare",
    ),
    (
        Bot,
        "bot, bots, robot, robots, robo, chatbot*, machine, machines, automate*, automatique*, auto, ia, intelligence artificielle, ordinateur, programme, logiciel, réponses automatiques, réponse automatique, réponse type, réponses types, réponses toutes faites, copier coller, boite vocale, répondeur, menu, faq, algorithme, script, assistant virtuel, système",
    ),
    (
        Fail,
        "nul, nulle, inutile*, stupide*, con, débile*, pourri*, merde, comprend rien, comprends rien, comprend pas, comprends pas, ne comprend, ne comprends, tourne en rond, tournez en rond, la même, même réponse, mêmes réponses, fois la même, fois que, trois fois, quatre fois, encore une fois, sert à rien, servez à rien, sers à rien, marre, ras le bol, ras le, plein le dos, soul*, saoul*, gonfl*, fatigué*, impossible, perte de temps, n'importe quoi, ridicule, ne m'aide pas, m'aide pas, aide pas, énerv*, à bout, lassé*, insupportable, perdu, bête, en peux plus, marche pas ton, marre de, n y arrive pas",
    ),
    (
        Stop,
        "stop*, arrêt*, coup*, désactiv*, éteign*, marre, assez, finissons, plus de, fini, sortir du, quitter, ferme*, virez, dégage*, enlev*",
    ),
    (
        Real,
        "vrai, vraie, vrais, vraies, réel*, réelle, véritable*, en chair, vivant*, vivante, compétent*, en direct, en vrai, pour de vrai, qualifié*, physique, qui comprend, qui réfléchit, qui connaît",
    ),
    (
        There,
        "là, ici, disponible*, dispo, en ligne, connecté, derrière, au bout, présent, de garde, de permanence, chez vous, dans l'avion",
    ),
    (
        How,
        "comment joindre, comment faire pour, comment parler, comment, où est, où sont, où, qui peut, qui est, qui, à qui, avec qui, quel numéro, quelle touche, vers qui, quel est le numéro pour, moyen de",
    ),
    (Not, "pas, ne, n, jamais, sans, ni, aucun, aucune, non, plus de, surtout pas, au lieu, plutôt que"),
    (
        Nobody,
        "à personne, personne ne, personne n, personne m, personne n'est, aucun conseiller, aucun humain, pas de conseiller, pas besoin de conseiller, passez personne, personne à la, il n'y avait personne",
    ),
    (
        Instead,
        "au lieu de, au lieu, plutôt que, à la place, et pas, et non, pas un, pas une, pas à un, mieux vaut, mieux que, pas avec",
    ),
    (
        Over,
        "hier, avant hier, la semaine dernière, la semaine passée, tout à l'heure, l'autre jour, le mois dernier, m'a dit, m'a aidé*, m'ont, m'a répondu, m'a rappelé, m'a expliqué, m'a confirmé, m'a promis, m'a donné, m'a écrit, a dit, a été, était, étaient, j'ai parlé, j'ai eu, j'ai discuté, j'ai déjà, déjà, est passé, on m'a, a écrit, dit que, ce matin, la dernière fois, ont dit, promis, j'avais, avait, fut, venu, jai eu, jai parlé, matin",
    ),
    (
        Later,
        "si, plus tard, après, demain, ensuite, peut être, peut-être, quand, sinon, au cas où, éventuellement, un jour, prochaine fois, j'appellerai, demanderai, contacterai, je verrai",
    ),
    (
        Settled,
        "réglé, résolu, arrangé, c'est bon, laisse tomber, laissez tomber, oublie, oubliez, trouvé, plus besoin, pas besoin, pas la peine, inutile de, annule*, annulez le, ne tenez pas compte, tenez pas compte, non merci, merci ça ira, tout est bon, ça marche maintenant, c'est ok, suffit, ignorez",
    ),
    (
        Praise,
        "merci à, merci au, grand merci, bravo, félicit*, super, top, génial*, adorable*, sympa*, gentil*, nickel, parfait*, excellent*, au top, efficace*, agréable*, chapeau, remercie*, bon, bonne, bien aidé*, aimable, rapide, pas mal",
    ),
    (
        YouAre,
        "tu es, t'es, t es, es tu, es-tu, vous êtes, êtes vous, c'est un, c'est une, est ce un, est ce que c'est, je parle à, je parle avec, parle à un, suis je, tes un, ai je affaire",
    ),
    (
        IAm,
        "je suis, jsuis, chuis, nous sommes, en tant que, je travaille, je bosse, mon chef, mon patron, mon mari, ma femme, mon frère, ma sœur, ma soeur, mon ami, mon amie, ma collègue, mon collègue, mon équipe, mes employés, mes clients, mon responsable, mon père, ma mère, mon fils, ma fille, mon conseiller, mon agent, pour mon, ma copine, mon copain, comme agent",
    ),
    (
        Become,
        "recrut*, candidat*, cv, emploi, devient, devenir, deviens, diplôme, postuler, salaire, stage, embauch*, poste, offre d'emploi, métier, formation, alternance, revendeur",
    ),
    (
        Thing,
        "numéro d, numéro du, code, carte, nom, remise, matricule, horaire*, quelle heure, heures, prix, combien, tarif*, par personne, table, tente, brunch, photo, taille, billet, livre, droits, cheveux, perruque, immobilier*, de sécurité, de voyage*, d'assurance, assurance, ressources humaines, opérateur mobile, mobile, téléphonique, robot cuiseur, robot aspirateur, aspirateur, cuiseur, machine à café, machine à laver, imprimante, enceinte, télé, points, lien, colis, en personne, politique, promo, forfait, livreur, livraison, rangers, casque, facture au, tarif pro, extensions, catalogue, garantie, contrat*, voiture",
    ),
    (
        Count,
        "un, une, deux, trois, quatre, cinq, six, huit, dix, combien de, plusieurs, nombre de, par, pour, autre personne, une autre, quelqu'un d'autre, chaque, chacun",
    ),
    (Your, "votre, vos, ton, ta, tes, de chez vous, chez vous, de votre, de vos, l'équipe, à vous, vous"),
    (Me, "je, j, me, m, moi, mon, ma, mes, nous, nos, notre, on"),
    (With, "à, a, au, aux, avec, avc, de, du, vers, par, auprès, d, des"),
    (
        Filler,
        "le, la, les, l, bonjour, bjr, slt, salut, bonsoir, coucou, allo, merci, mrc, oui, ok, bon, alors, donc, et, wesh, wsh, frère, fréro, frero, mdr, ptdr, juste, madame, monsieur, est ce que, est, ce, cette, ca, ça, y, en, que, qu, c, s, il, se",
    ),
];
