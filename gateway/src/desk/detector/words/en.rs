//! English.

use super::Concept::{self, *};

/// The words.
pub const WORDS: &[(Concept, &str)] = &[
    (
        Human,
        "human*, hooman*, humna, flesh and blood, pulse, heartbeat, soul, adult, real person, real people, actual person, real persn, live person, living person, human being, human touch, human agent*, human support, human operator, human help",
    ),
    (
        CallMe,
        "call me, phone me, ring me, contact me, call back, callback, call me back, ring back, reach me, give me a call, give me a ring, give me a bell, telephone me, get in touch with me, get back to me, contact us, call us, message me, text me, write to me, write me, email me back, drop me a line, buzz me",
    ),
    (
        PutThrough,
        "put me through, put through, put me thru, put me, patch me*, hand me over, hand over, handover, pass me, transfer me*, connect me*, conect me, transfr, redirect me, route me, switch me, forward me, get me a, get me an, get me someone, get me somebody, get me some1, get me sum1, get hold of, get ahold of, get through, take over, takeover, step in, jump in, hop on, escalat*, refer me, loop in, direct me, put on, put a, bring in, assign, let me speak, let me talk, lemme talk, lemme speak, speak to, speak with, talk to, talk with, talk 2, chat to, chat with, spk to, spk 2, word with",
    ),
    (
        Quoted,
        "wrote, typed, said, told, says, just type, recording said, he said, she said, quote, for fun, kidding, joke, joking, hilarious, jk",
    ),
    (
        Someone,
        "person, persn, pers0n, persons, people, peeps, ppl, someone, some1, sum1, somebody, anyone, any1, anybody, someone else, guy, guys, lady, bloke, dude, individual, folks",
    ),
    (
        Role,
        "agent, agents, agnt, rep, reps, repres*, repras*, operator*, manager*, mngr, mgr, supervis*, superior, boss, employee*, advisor*, adviser*, consultant*, technician*, tech guy, engineer, specialist*, expert*, colleague*, coworker*, assistant, owner, director, clerk, cashier, salesperson, salesman, handler, caseworker, case manager, team lead, team leader, attendant, person in charge, in charge, someone senior, staff member, member of staff, team member, teammate*, higher up, responsible person, worker, ceo, concierge, receptionist, associate*, officer*, csr, liaison*, personnel, account manager, someone higher, decision maker, authority",
    ),
    (
        Desk,
        "support, customer service, customer care, cust service, custmer service, customer support, client service*, service desk, help desk, helpdesk, helpline, hotline, call center, call centre, front desk, reception, the desk, department*, dept, billing, accounts, accounting, finance, sales, complaints, returns department, warehouse, shipping, team, staff, crew, management, head office, headquarters, back office, human resources, your side, your end, your office, tech support, live chat, live support, live agent, live help, live person, personnel, customer relations, support desk, support agent*, after sales, complaints desk, customer help",
    ),
    (
        Want,
        "want, wants, wanna, wnt, need, needs, nd, require*, demand*, insist*, prefer*, would like, id like, id love, id rather, would rather, rather, would prefer, wish, request, looking for, appreciate, must, have to, gotta, need to",
    ),
    (
        Talk,
        "speak*, spk, spek*, talk*, tlk, tok, chat*, discuss*, converse, conversation, word with, a word, explain*, dialogue, deal with, dealing with, message, write to, txt, text, communicate, interact*, negotiate",
    ),
    (
        Connect,
        "connect*, conect*, transfer*, transfr, put me, put me through, put through, put me thru, patch me, patch*, hand me, hand over, handover, hand this, hand off, pass me, pass this, forward*, redirect*, route*, switch me, escalate*, escalation, get me, get hold of, get ahold of, get through, refer me, direct me, bring in, loop in, involve, intervene, step in, jump in, hop on, take over, takeover, take this over, pull in, raise this, bump me, put on, send me to, swap me",
    ),
    (
        Call,
        "call*, phone me, ring*, callback, call back, ring back, phone call, contact*, reach*, get in touch, touch base, follow up, dial, telephone, give me a call, give me a ring, give me a bell, phone, pick up, correspond",
    ),
    (
        Help,
        "help*, assist*, answer*, reply*, replies, respond*, response, handle*, look at, look into, look over, check*, review*, sort*, fix*, deal, resolve, read, reads, reading, listen*, solve, attend, personally, personal",
    ),
    (
        Give,
        "get, give*, gimme, gime, bring, send, find, fetch, have, let, put, show me, provide, offer, arrange, summon, wake, hook me up",
    ),
    (
        May,
        "can, could, cn, may, might, possible, please, pls, plz, plss, plez, pleez, kindly, would you, would it, will you, possibility, any way, any chance, is it possible, allowed, 🙏",
    ),
    (
        Now,
        "now, asap, immediately, right away, today, urgent*, at once, right now, quickly, quick, soon, tonight, this minute, emergency",
    ),
    (
        Bot,
        "bot, bots, robot*, chatbot*, machine, machines, computer, ai, a i, automated, automatic, automation, auto reply, auto replies, autoreply, autoresponder, auto response*, algorithm, program, virtual assistant, canned, scripted, script, copy paste, copypaste, template*, chatgpt, gpt, menu, ivr, software, app thing, this thing, voicemail",
    ),
    (
        Fail,
        "useless, stupid, dumb, rubbish, garbage, trash, crap, idiot*, hopeless, pointless, not helping, not helpful, isnt helping, unhelpful, doesnt help, dont understand, doesnt understand, not understand, doesnt get, dont get it, not getting it, circles, in a loop, loop, same answer, same thing, same link, keeps, keep, over and over, times now, three times, four times, five times, again and again, nonsense, frustrat*, annoy*, sick of, tired of, fed up, give up, done with, had enough, waste of time, ridiculous, lost, going nowhere, getting nowhere, hate, wtf, ffs, doesnt work, not working for me, no clue, cant help, wrong answer, not good enough, no further, going around, not satisfied, cant do it, can not help, nothing works",
    ),
    (
        Stop,
        "stop, quit, end, disable, turn off, switch off, shut up, shut down, no more, enough, kill, deactivate, exit, leave, get out of, get rid of, out of, skip, bypass",
    ),
    (
        Real,
        "real, actual, actually, live, living, alive, genuine, proper, competent, qualified, breathing, flesh, in the flesh, not a bot, with a brain, real life, rl, who can read, who knows",
    ),
    (There, "there, here, available, around, online, awake, on duty, home, working today, on shift, at the desk"),
    (
        How,
        "how do i, how can i, how to, where can i, where do i, where is, wheres, where are, who can, who do i, whats the number, which number, what number, what do i type, what do i have to, what button, way to, whos, who is, who, is there a",
    ),
    (
        Not,
        "no, not, dont, do not, doesnt, didnt, never, without, wont, isnt, nor, neither, nope, cannot, cant, non, aint, instead of, rather than, other than, not another",
    ),
    (Nobody, "nobody, no one, noone, none, no human, no person, no agent, no agents"),
    (Instead, "instead, instead of, rather than, other than, sick of, tired of, fed up, whatever this is"),
    (
        Over,
        "yesterday, was, were, told, said, says, spoke, talked, met, helped, earlier, ago, already, last week, last time, last month, last night, used to, promised, mentioned, explained, had, has been, been, did, came, gave, sorted everything, asked for, asked me, wrote, had to wait, resolved my, solved it, this morning, called me, heard, got cut off",
    ),
    (
        Later,
        "if, later, tomorrow, maybe, perhaps, another time, next time, otherwise, unless, when, until, by friday, in case, ill, i will, might, then ill",
    ),
    (
        Settled,
        "nevermind, never mind, nvm, forget it, forget that, ignore, disregard, solved, sorted, fixed, resolved, settled, no longer, found it, found out, all good, its fine, cancel, not needed, not necessary, no need, no worries, works now, working now, doing fine, got it",
    ),
    (
        Praise,
        "thanks to, thank you to, thank the, thank your, great, lovely, friendly, amazing, awesome, brilliant, polite, nice, kind, star, helpful, excellent, glad, love, kudos, compliments, regards, say hi, shout out, shoutout, faster, superb, wonderful, fantastic, smart, good, five stars, impressive",
    ),
    (
        YouAre,
        "are you, are u, r u, r you, you a, is this, is it, am i talking, am i speaking, am i chatting, youre a, you are a, are these, u a, is that, am i",
    ),
    (
        IAm,
        "im a, im an, i am a, i am an, i work as, i work for, i work in, as a, as an, my boss, my manager, my husband, my wife, my friend, my sister, my brother, my colleague, my mate, my team, my staff, my employee*, my agent, my mum, my mom, my dad, for my, i run, im the, i am the, we are a, our staff, our team, my clients, my daughter, my son, my partner, he said, she said, they said",
    ),
    (
        Become,
        "hiring, hire, vacanc*, job, jobs, apply, become, becoming, career*, work for you, join your, recruit*, salary, internship, position, openings, training, affiliate, license, to be a, resume",
    ),
    (
        Thing,
        "number, code, id, discount, hours, times, schedule, opening, price, cost, per, ticket, hair, wig, photo, picture, table, size, sizes, book, name, card, fee, policy, email, address, survey, link, limit, max, each, tent, sofa, room, seats, seat, boat, bed, vacuum, mower, cleaner, bluetooth, wifi, printer, tv, speaker, android, ios, iphone, usb, version, points, money, voucher, password, account, estate, travel, insurance, customs, security, secret, rights, body, error, rate, tour, mobile, phone operator, trainer, shopper, mannequin, dinner, nature, made, delivery driver, carrier, courier, commission, program, handbook, uniform, trade, wholesale, hotel, app, game, toy, costume, movie, film, contract*, warranty, in person, person in the, third person, the person in",
    ),
    (
        Count,
        "one, two, three, four, five, six, seven, eight, nine, ten, twelve, how many, how much, couple, both, several, more than, many, multiple, another, extra, another person, a person",
    ),
    (Your, "your, ur, of you, one of you, you guys, yours, from your, in your, on your, over there, who works there"),
    (Me, "me, my, i, us, we, im, ive"),
    (With, "to, with, 2, w, thru, through, from, of, by"),
    (
        Filler,
        "a, an, the, hi, hello, hey, yo, ok, okay, thanks, thx, ty, sir, madam, mate, bro, so, and, just, only, well, oh, lol, haha, um, good morning, good afternoon, good evening, dear, then, also, again, this, that, right, sorry, man, dear team, any, some",
    ),
];
