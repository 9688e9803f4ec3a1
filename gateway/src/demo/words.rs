//! The words that the demo's customers are made of: names, towns and reasons, as a restaurant in Indonesia would know them.

/// First names.
pub const FIRST: [&str; 48] = [
    "Budi", "Siti", "Agus", "Dewi", "Andi", "Rina", "Joko", "Sri", "Hendra", "Fitri", "Rizky", "Putri", "Eko", "Lestari", "Dian",
    "Wahyu", "Yuni", "Bayu", "Ratna", "Fajar", "Indah", "Arif", "Maya", "Dimas", "Nur", "Reza", "Wulan", "Gilang", "Ayu",
    "Teguh", "Melati", "Ilham", "Kartika", "Surya", "Intan", "Adi", "Tari", "Yoga", "Citra", "Bagus", "Nadia", "Galih", "Anisa",
    "Made", "Ketut", "Wayan", "John", "Maria",
];

/// Last names.
pub const LAST: [&str; 36] = [
    "Santoso",
    "Wijaya",
    "Kusuma",
    "Pratama",
    "Hidayat",
    "Saputra",
    "Nugroho",
    "Setiawan",
    "Siregar",
    "Nasution",
    "Lubis",
    "Simanjuntak",
    "Rahman",
    "Hakim",
    "Suryadi",
    "Gunawan",
    "Halim",
    "Tanoto",
    "Permana",
    "Ramadhan",
    "Utami",
    "Maharani",
    "Anggraini",
    "Susanti",
    "Wibowo",
    "Purnomo",
    "Firmansyah",
    "Iskandar",
    "Sitorus",
    "Ginting",
    "Tan",
    "Lim",
    "Suharto",
    "Yulianti",
    "Handoko",
    "Basuki",
];

/// A town: its name, its province, the first digits of its postal codes, and how many customers of a hundred live there.
pub struct Town {
    pub city: &'static str,
    pub province: &'static str,
    pub postal: u32,
    pub share: u32,
}

const fn town(city: &'static str, province: &'static str, postal: u32, share: u32) -> Town {
    Town { city, province, postal, share }
}

/// Where the customers live.
pub const TOWNS: [Town; 16] = [
    town("Jakarta", "DKI Jakarta", 12, 34),
    town("Bandung", "Jawa Barat", 40, 12),
    town("Surabaya", "Jawa Timur", 60, 10),
    town("Bekasi", "Jawa Barat", 17, 7),
    town("Tangerang", "Banten", 15, 6),
    town("Depok", "Jawa Barat", 16, 5),
    town("Semarang", "Jawa Tengah", 50, 5),
    town("Yogyakarta", "DI Yogyakarta", 55, 4),
    town("Medan", "Sumatera Utara", 20, 4),
    town("Denpasar", "Bali", 80, 3),
    town("Makassar", "Sulawesi Selatan", 90, 2),
    town("Palembang", "Sumatera Selatan", 30, 2),
    town("Malang", "Jawa Timur", 65, 2),
    town("Surakarta", "Jawa Tengah", 57, 2),
    town("Balikpapan", "Kalimantan Timur", 76, 1),
    town("Padang", "Sumatera Barat", 25, 1),
];

/// Streets.
pub const STREETS: [&str; 16] = [
    "Jl. Sudirman",
    "Jl. Thamrin",
    "Jl. Diponegoro",
    "Jl. Gatot Subroto",
    "Jl. Ahmad Yani",
    "Jl. Merdeka",
    "Jl. Pahlawan",
    "Jl. Melati",
    "Jl. Mawar",
    "Jl. Kenanga",
    "Jl. Veteran",
    "Jl. Pemuda",
    "Jl. Imam Bonjol",
    "Jl. Teuku Umar",
    "Jl. Hayam Wuruk",
    "Jl. Asia Afrika",
];

/// Mail domains; nobody can own one that ends in `.example`.
pub const DOMAINS: [&str; 4] = ["mail.example", "surat.example", "kantor.example", "kampus.example"];

/// What the staff wrote down; mostly nothing.
pub const NOTES: [&str; 10] = [
    "",
    "",
    "",
    "",
    "",
    "Prefers the table by the window",
    "Allergic to peanuts",
    "VIP customer",
    "Orders for the office on Fridays",
    "No chilli, please",
];

/// Why points were given or taken by hand, and how many.
pub const BONUSES: [(i64, &str); 6] = [
    (50, "Bonus points for birthday"),
    (100, "Welcome bonus"),
    (25, "Apology for a late order"),
    (-100, "Voucher redeemed"),
    (-50, "Free dessert redeemed"),
    (10, "Survey answered"),
];
