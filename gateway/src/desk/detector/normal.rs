//! How a message is brought into the one form in which the words are looked up.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Where one part of a message ends and the next begins.
pub const BREAK: char = '|';
/// How often a letter may stand in a row before it counts as drawn out.
const DRAWN_OUT: usize = 3;

/// Lower case, no accents, Arabic letters of one sound alike, drawn-out letters once, pictures of people as words, single blanks;
/// punctuation that parts a message is [`BREAK`], and a question mark stays in front of one.
#[must_use]
pub fn normal(message: &str) -> String {
    let mut text = String::with_capacity(message.len() + 2);
    let mut run = (' ', 0);
    for c in message.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        run = if c == run.0 { (c, run.1 + 1) } else { (c, 1) };
        if run.1 >= DRAWN_OUT && c.is_alphabetic() {
            while text.ends_with(c) {
                text.pop();
            }
        }
        push(&mut text, c);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

fn push(text: &mut String, c: char) {
    match c {
        'ß' => text.push_str("ss"),
        'ٱ' => text.push('ا'),
        'ى' | 'ی' => text.push('ي'),
        'ک' => text.push('ك'),
        'ة' => text.push('ه'),
        '\'' | '’' | '`' | '´' => apostrophe(text),
        // The stroke that draws an Arabic word out.
        'ـ' => {}
        '٠'..='٩' => text.extend(char::from_digit(u32::from(c) - u32::from('٠'), 10)),
        '👤' | '🙋' | '💁' | '🧑' | '👩' | '👨' | '👥' => text.push_str(" human "),
        '🤖' => text.push_str(" robot "),
        '❌' | '🚫' => text.push_str(" no "),
        '🙏' => text.push_str(" please "),
        '📞' | '☎' | '📲' => text.push_str(" call "),
        '"' | '«' | '»' | '“' | '”' | '„' => text.extend([' ', BREAK, ' ', '"', ' ', BREAK, ' ']),
        '?' | '؟' => text.extend([' ', '?', ' ', BREAK, ' ']),
        '.' | '!' | ';' | ',' | ':' | '\n' | '…' | '،' | '؛' | '(' | ')' | '—' | '–' => {
            text.extend([' ', BREAK, ' ']);
        }
        c if c.is_alphanumeric() => text.push(c),
        _ => text.push(' '),
    }
}

/// Nothing within an English contraction ("dont"), a blank after a French elision ("l un").
fn apostrophe(text: &mut String) {
    let mut back = text.chars().rev();
    let elides = match (back.next(), back.next(), back.next()) {
        (Some(letter), None | Some(' '), _) => "ldjmtscn".contains(letter),
        (Some('u'), Some('q'), None | Some(' ')) => true,
        (_, _, _) => false,
    };
    if elides {
        text.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_cases_and_drawn_out_letters_do_not_matter() {
        assert_eq!(normal("  ¿Señorita   AGENTÉ?  "), "senorita agente ? |");
        assert_eq!(normal("pleaaaase HELP"), "please help");
        assert_eq!(normal("Straße"), "strasse");
        assert_eq!(normal("free coffee"), "free coffee", "two in a row are no drawn-out letter");
    }

    #[test]
    fn punctuation_parts_a_message() {
        assert_eq!(normal("No. Person!"), "no | person |");
        assert_eq!(normal("he said \"agent\""), "he said | \" | agent | \" |");
        assert_eq!(normal("وين؟ هنا"), "وين ? | هنا");
    }

    #[test]
    fn contractions_stay_one_word_and_elisions_become_two() {
        assert_eq!(normal("I don’t, I'd"), "i dont | id");
        assert_eq!(normal("l'un d'eux qu'on m'appelle"), "l un d eux qu on m appelle");
    }

    #[test]
    fn arabic_letters_of_one_sound_are_one() {
        assert_eq!(normal("أريد مسؤولة إلى آخر"), normal("اريد مسووله الى اخر"));
        assert_eq!(normal("مـــوظف ٤٢"), "موظف 42");
        assert_eq!(normal("مُوَظَّف"), "موظف");
    }

    #[test]
    fn pictures_are_words() {
        assert_eq!(normal("👩🏽‍💼 not 🤖 🙏"), "human not robot please");
    }
}
