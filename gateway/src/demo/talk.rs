//! What the demo's customers talk about, in the languages in which they write.

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The customer.
    Customer(&'static str),
    /// The bot.
    Bot(&'static str),
    /// The customer asks for a person: the detector noticed.
    Plea(&'static str),
    /// The agent.
    Agent(&'static str),
}

/// How a conversation stands at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// As the lines leave it: with the bot, waiting, or with the agent who wrote.
    Open,
    /// The same, and it cannot wait.
    Urgent,
    /// The customer was helped, and said how well, from 1 to 5.
    Helped(u8, &'static str),
    /// Over.
    Closed,
}

/// A conversation.
pub struct Talk {
    /// What is said.
    pub lines: &'static [Line],
    /// How it ends.
    pub end: End,
}

const fn talk(lines: &'static [Line], end: End) -> Talk {
    Talk { lines, end }
}

use Line::{Agent, Bot, Customer, Plea};

/// The conversations.
pub const TALKS: [Talk; 13] = [
    talk(&[Plea("I want to speak to a human, my order has been missing for an hour.")], End::Open),
    talk(
        &[
            Customer("Halo, apakah buka hari Minggu?"),
            Bot("Halo! Kami buka setiap hari pukul 10.00–22.00."),
            Customer("Terima kasih!"),
        ],
        End::Open,
    ),
    talk(
        &[
            Customer("¿Tienen platos vegetarianos?"),
            Bot("Sí, la carta vegetariana está en nuestra página."),
            Plea("Quiero hablar con una persona, por favor."),
            Agent("Hola, soy Agus. ¿En qué puedo ayudarle?"),
        ],
        End::Open,
    ),
    talk(&[Customer("Do you deliver to Depok?"), Bot("Yes, within 10 km of our kitchens.")], End::Closed),
    talk(
        &[
            Plea("Ich möchte bitte mit einem Mitarbeiter sprechen."),
            Agent("Guten Tag, ich kümmere mich darum."),
            Customer("Danke, das ging schnell."),
        ],
        End::Helped(5, "Schnell und freundlich"),
    ),
    talk(&[Customer("Bisa pesan untuk 20 orang besok siang?"), Bot("Bisa! Silakan pilih menu katering.")], End::Open),
    talk(&[Customer("Mon code promo ne marche pas."), Plea("Je voudrais parler à un conseiller.")], End::Urgent),
    talk(&[Customer("What is today's special?"), Bot("Grilled fish with sambal matah.")], End::Open),
    talk(
        &[
            Plea("Saya mau bicara dengan orang, bukan bot."),
            Agent("Halo, saya Agus. Ada yang bisa dibantu?"),
            Customer("Poin saya belum masuk."),
            Agent("Sudah saya periksa, poinnya akan masuk hari ini."),
        ],
        End::Helped(4, ""),
    ),
    talk(&[Customer("Is the sambal very hot?"), Bot("Ask for it on the side if you are not sure.")], End::Closed),
    talk(&[Plea("أريد التحدث مع موظف من فضلك")], End::Open),
    talk(
        &[
            Customer("I was charged twice for order KD-0042-1."),
            Plea("Can someone from your team call me?"),
            Agent("I am on it, give me a minute."),
        ],
        End::Urgent,
    ),
    talk(&[Customer("Gracias por todo, la comida estuvo riquísima."), Bot("¡Gracias a usted!")], End::Open),
];
