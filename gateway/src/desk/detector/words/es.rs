//! Spanish.

use super::Concept::{self, *};

/// The words.
pub const WORDS: &[(Concept, &str)] = &[
    (
        Human,
        "human*, umano, umana, ser humano, carne y hueso, persona real, persona de verdad, gente de verdad, cristiano, persona física, asesor humano, agente humano, soporte humano, ayuda humana, atención humana, operador humano",
    ),
    (
        CallMe,
        "llámame, llámenme, llámeme, llamadme, me llame*, me llamen, que me llame*, llamarme, me llaman, me llamas, contáctenme, contactarme, contáctame, contáctenos, me contacte*, me contacten, comunicarse conmigo, comunique conmigo, comuníquense conmigo, contacto conmigo, devolver la llamada, devuelvan la llamada, escríbanme, escríbeme, me escriba*, me marque*, márquenme, háblenme, atiéndanme, atiéndeme, me atienda*, me atiendan, me atiende*, me contesten, contéstenme, me conteste alguien, una llamada, cogedme el teléfono, hablarme por teléfono, contacten a mi, que me contacte*, que me escriba*, márcame",
    ),
    (
        PutThrough,
        "comuníc*, comuniqueme, me comunica*, me comuniquen, comunicarme con, conectame, conéct*, me conect*, conectarme, transfier*, transfiér*, transfér*, pásame con, páseme con, pásenme con, pasame a, páseme a, pásame al, pasa con, pase con, pasas con, pases con, pasar con, pasarme con, me pasas con, me pasan con, me pase con, me pasen con, me la pasas, me lo pasas, ponme con, póngame con, pónganme con, ponedme con, me ponga con, me pone con, me pongas con, ponerme con, poner en contacto, pone en contacto, ponga en contacto, en contacto con, derívame, deriv*, dirigirme a, escal*, canaliz*, me manda* con, mandame con, mándame con, intervenga*, tome el control, hablar con, ablar con, charlar con, platicar con, chatear con, hable con, hablarlo con, tratar con, échame a, asign*, dame con",
    ),
    (Quoted, "escribió, escribio, puso, dice, decía, dijo, dicen, la grabación decía, de broma, broma, jugando"),
    (
        Someone,
        "persona, personas, perzona, prsona, alguien, algien, alguin, alg, alguno, alguna, gente, algun ser, individuo, chico, chica, señorita, señor, muchacho",
    ),
    (
        Role,
        "agente, agentes, ajente, asesor*, acesor*, aseosr, ejecutiv*, operador*, operari*, representante*, encargad*, gerente*, jef*, supervisor*, superior, superiores, responsable*, dueñ*, empleado*, empleada*, técnic*, trabajador*, vendedor*, compañer*, colega*, especialista*, director*, directiv*, administrador*, propietari*, titular, coordinador*, quien manda, teleoperador*, recepcionista, consultor*, experto*, experta*, a cargo, alguien a cargo, moderador*, gestor*, interlocutor*, secretari*, comercial, dependient*, agente comercial",
    ),
    (
        Desk,
        "soporte, atención al cliente, atención a clientes, atención al usuario, atención humana, atención personalizada, servicio al cliente, servicio a clientes, servicio técnico, equipo, departamento, depto, área de, personal, contabilidad, facturación, cobranza*, ventas, administración, gerencia, recepción, postventa, posventa, mesa de ayuda, call center, línea de atención, reclamos, reclamaciones, devoluciones, bodega, almacén, sucursal, central, oficina*, ustedes, vuestro equipo, chat en vivo, centralita, asistencia, atención telefónica, servicio de atención, defensor del cliente",
    ),
    (
        Want,
        "quiero, kiero, qiero, quiera, quisiera, kisiera, queremos, querría, quería, necesito, nesesito, nececito, necesit*, prefiero, preferiría, preferir, me gustaría, gustaría, deseo, desearía, exijo, solicito, requiero, busco, pido, reclamo, ocupo, me urge, ojalá, agradecería, agradeceria, mejor, hace falta, tengo que, exigir, mejor que, kero, qro",
    ),
    (
        Talk,
        "hablar*, ablar*, hable, hablo, hablando, platicar*, platique, charlar*, charla, conversar, conversación, chatear, dialogar, tratar, tratarlo, explicar*, explique*, plantear, discutir, consultar, consulta, quejarme, escribir*, escriba*, interactuar, entenderme",
    ),
    (
        Connect,
        "comunic*, conect*, conéct*, transfier*, transfér*, transferir*, transferen, pasame, pásame, páseme, pasenme, pásenme, pasa con, pase con, pasas con, pases con, pasar con, pasarme, pase a, pasame a, pasamelo, me la pasas, me lo pasas, me pasa, me pasas, me pasan, me pase, ponme, póngame, ponganme, ponme con, pónganme, me ponga, me pone, me pongas, me ponen, ponerme, poner en contacto, en contacto con, deriv*, redirig*, direcciona*, escal*, enlaz*, remit*, contácteme, intervenga*, interven*, canaliz*, vincul*, encárg*, tome el, tomar el, hazte cargo, se haga cargo, dirigirme, dirijanme, me manda* con, mandame con, mandeme con",
    ),
    (
        Call,
        "llam*, llám*, marc*, márc*, contact*, contáct*, devolver la llamada, llamada, telefónicamente, por teléfono, telefon*, ponerse en contacto, pusiera en contacto, ponga en contacto, pongan en contacto, comunicarse conmigo, comunique conmigo, hablarme, háblenme, localizar, ubicar, escríbanme, timbr*, telefonazo, un toque",
    ),
    (
        Help,
        "ayud*, ayúd*, atiend*, atend*, atiénd*, respond*, respónd*, contest*, contést*, resuelv*, resolv*, revis*, mire, mirar, mirarlo, vea, ver mi, echar una mano, eche una mano, explique, asist*, orient*, solucion*, auxili*, encargue, lea, leer, lee, escuch*, gestion*, personalmente",
    ),
    (
        Give,
        "dame, deme, denme, da me, dar, venga, vengan, manda*, mande*, consiga*, búsca*, traig*, tráeme, llama a, regal*, facilit*, proporcion*, dile, dígale, avis*, que venga, hay, existe, habrá, tienen, asignen*, asigne*, ubique",
    ),
    (
        May,
        "puede*, puedo, podría*, podéis, podrán, por favor, porfa*, porfavor, porfis, x favor, x fa, xfa, xfavor, pf, plis, favor, favor de, sería posible, es posible, se puede, sería tan amable, si es tan amable, quizá pueda, amable de, hagan el favor, posibilidad, 🙏",
    ),
    (
        Now,
        "ya, ahora, ahorita, urgente*, urge, inmediato, de inmediato, hoy, rápido, cuanto antes, lo antes posible, a la brevedad, enseguida, al tiro, ya mismo, pronto",
    ),
    (
        Bot,
        "bot, bots, robot, robots, robó, chatbot*, máquina*, maquinita, maquina, automátic*, contestador*, ia, inteligencia artificial, programa, computador*, ordenador, respuestas automáticas, grabación, grabadora, sistema, menú, plantilla*, asistente virtual, algoritmo, aparato, cosa esta",
    ),
    (
        Fail,
        "no sirve*, no me sirve*, no me ayuda, no ayuda*, no entiend*, no me entiend*, no entiende*, no le entiendo, no comprende*, inútil*, estúpid*, tont*, mierda, porquería, basura, pend*, harto, harta, me cansé, cansado, cansada, me aburrí, aburrid*, lo mismo, la misma, el mismo, otra vez, mil veces, tres veces, cuatro veces, veces, en círculos, vueltas, no resuelve*, no me resuelve*, no funciona el bot, no dan solución, imposible, desesperad*, es el colmo, me tiene* cansad*, no sabe*, no aporta, no puedes, tu no puedes, pésimo bot, no das una, no soluciona*, no me soluciona*, no avanz*, no das pie",
    ),
    (
        Stop,
        "apag*, apág*, para el, pare el, paren, detén*, detener, quit*, desactiv*, basta*, stop, deja de, dejen de, dejá de, callate, cállate, no más, sin más, fuera, nada de, salir del, saltarme, termin*",
    ),
    (
        Real,
        "real, reales, de verdad, de carne, verdadera, verdadero, en vivo, competente, físic*, auténtic*, vivo, viva, de veras, que sepa, que me entienda, que entienda, que piense, que razone, capacitad*",
    ),
    (
        There,
        "ahí, aquí, acá, allá, allí, disponible*, en línea, conectado, de turno, por ahí, de guardia, trabajando, que labure, al otro lado",
    ),
    (
        How,
        "cómo hago para, cómo puedo, cómo me comunico, cómo, dónde está*, dónde hay, dónde, con quién, quién, quien, quién es, quien me, quien puede, a quién, a qué número, qué número, qué tecla, qué opción, qué hago para, cuál es el número para, hay forma, hay manera, forma de",
    ),
    (Not, "no, nunca, sin, tampoco, ni, en vez de, en lugar de, nada de"),
    (Nobody, "nadie, ningún*, ninguna persona, ni un alma"),
    (Instead, "en vez de, en lugar de, mejor que, antes que, y no, sino, no un, no una, no con"),
    (
        Over,
        "ayer, anoche, antier, anteayer, la semana pasada, el otro día, el mes pasado, hace rato, hace un rato, me atendió, me ayudó, me dijo, me dijeron, me llamaron, me llamó, me comentó, me contó, me explicó, me resolvió, me trató, me atendieron, hablé con, charlé con, platiqué con, fue, fueron, estuvo, era, vino, ya hablé, ya me, dijo, dijeron, dieron, dio, ayudaste, escribió, escribí, llamé, antes, quedó, prometieron, ayudó, llamaron, se cortó",
    ),
    (
        Later,
        "si, luego, después, más tarde, tal vez, quizás, a lo mejor, mañana, entonces, cuando, hasta que, otro día, en otro momento, llamaré, llamo a, pediré, hablaré",
    ),
    (
        Settled,
        "ya no, ya se resolvió, solucion*, resuelto, arreglad*, arregl*, ya quedó, todo bien, olvid*, olvíd*, ignor*, no hagas caso, no hagan caso, cancel*, ya encontré, encontré, listo, no hace falta, no es necesario, ya está, ya llegó, ya lo resolví, me equivoqué, ya lo, no gracias",
    ),
    (
        Praise,
        "gracias a, gracias al, gracias por, agradezco a, felicit*, saludo*, excelente*, amable, amables, encanto, encantador*, muchísimo, genial, súper, buen, bueno, buena, perfecto, maravill*, crack, simpátic*, paciencia, me encanta, muy bien, de diez, eficaz",
    ),
    (
        YouAre,
        "eres, sos, es usted, usted es, esto es, es un, estoy hablando con, hablo con, hablo con una, hablo con un, eres un, eres una, vos sos, son ustedes, tu eres, será que eres",
    ),
    (
        IAm,
        "soy, somos, trabajo en, trabajo como, trabajo de, mi jefe, mi gerente, mi marido, mi esposo, mi esposa, mi mujer, mi hermano, mi hermana, mi amigo, mi amiga, mi equipo, mis empleados, mi hijo, mi hija, mi papá, mi mamá, mi madre, mi padre, mi compañera, mi compañero, mis clientes, como encargado, como gerente, mi asesor, mi agente",
    ),
    (
        Become,
        "contrat*, vacante*, empleo, trabajar con ustedes, trabajar para, trabajar de, currículum, curriculum, cv, convierto, convertirme, ser agente, ser asesor, hacerme, postul*, sueldo, gana un, bolsa de trabajo, puesto, requisitos, afiliar*, distribuidor, franquicia, para ser",
    ),
    (
        Thing,
        "número de, código, tarjeta, nombre, clave, horario*, a qué hora, teléfono de, correo, precio*, cuánto, cuántos, cuántas, por persona, mesa, mesas, cabaña, carpa, sofá, habitación, boleto*, foto, video, talla, tallas, libro*, derechos, peluca*, pelo, cabello, recursos humanos, inmobiliari*, de viajes, viajes, de seguros, de seguridad, de aduana*, aduanal, operador telefónico, telefonía, móvil, celular, aspirador*, cocina, impresora, wifi, puntos, dinero, cupón, lista, link, enlace, en persona, personal trainer, terceras personas, jurídica, política*, sistema de, garantía, promoción, ferry, tour, comisión, descuento*, mayoreo, contrato",
    ),
    (
        Count,
        "un, una, dos, tres, cuatro, cinco, seis, siete, ocho, diez, doce, cuantas, cuantos, varios, varias, más, para dos, otra persona, cada, por, otra",
    ),
    (
        Your,
        "su, sus, tu, tus, vuestro, vuestra, de ustedes, de uds, de ahí, de la tienda, de la empresa, del local, con ustedes, de su equipo, de ventas",
    ),
    (Me, "me, mi, conmigo, yo, nos, nosotros"),
    (With, "con, a, al, de, del, por, c, con el, con la"),
    (
        Filler,
        "el, la, los, las, hola, ola, buenas, buenos días, buenas tardes, buenas noches, gracias, ok, vale, oye, che, wey, güey, parce, tío, mira, señores, estimados, es que, que, q, k, y, o, pues, entonces, bueno, jaja*, jeje*, oiga, loco, x, si, sí, lo, esto, este, esta, eso, se, le, en",
    ),
];
