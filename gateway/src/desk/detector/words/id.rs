//! Indonesian, with some of its chat spelling and of what is said around Java.

use super::Concept::{self, *};

/// The words.
pub const WORDS: &[(Concept, &str)] = &[
    (
        Human,
        "manusia*, mnusia, makhluk hidup, jalma, orang asli, orang beneran, org asli, org beneran, yg beneran, yang beneran, yg asli, orang betulan, wong, agen manusia, cs manusia, bantuan manusia, cs asli, admin asli, operator asli",
    ),
    (
        CallMe,
        "telpon saya, telepon saya, telp saya, tlp saya, hubungi saya, hubungi aku, hubungi sy, telpon aku, telpon gue, telpon gw, telpon balik, telepon balik, ditelpon*, ditelepon*, ditelp, ditelfon*, saya dihubungi, dihubungi*, kontak saya, kabari saya, kabarin saya, hub sy, hub saya, menghubungi saya, chat saya, wa saya, bales saya, dikontak, ditelpn",
    ),
    (
        PutThrough,
        "sambungkan*, sambungin*, disambung*, smbungkan, hubungkan*, dihubungkan*, terhubung, alihkan*, dialihkan*, oper ke, oper, operin, dioper, eskalasi*, panggilkan, panggilin, panggil, turun tangan, ambil alih, diambil alih, ganti sama, ganti ke, teruskan ke, diteruskan ke, bicara dengan, bicara sama, berbicara dengan, ngomong sama, ngobrol sama, chat sama, ngobrol dengan, bicara langsung, chat dengan, nyambung ke, serahkan ke, diserahkan, nyambungno, skip bot, bcra sm, bicara dgn",
    ),
    (Quoted, "ketik, ngetik, nulis, kata, katanya, iseng, bercanda, becanda, bilang"),
    (
        Someone,
        "manusianya, orang, orangnya, orng, org, orgnya, seseorang, sso, siapa, siapapun, siapa kek, yg bisa, yang bisa, yg ngerti, yang ngerti, yg paham, yang paham, mbak, mas, bapak, ibu, seorang",
    ),
    (
        Role,
        "admin, adminnya, admine, atmin, adminya, mimin, miminnya, operator*, petugas*, agen, agennya, agent, agents, karyawan*, pegawai*, manajer*, manager*, menejer*, atasan*, bos, boss, bosnya, supervisor*, spv, teknisi*, perwakilan*, pimpinan*, kasir*, owner*, pemilik*, penanggung jawab*, pj, kepala toko, kepala, staf, staff, stafnya, staffnya, staf nya, yang berwenang, berwenang, konsultan*, ahlinya, spesialis, penjualnya, penjual, sellernya, seller, sales, salesnya, rekan, temannya, koordinator, personil, pic, humas, pelayan, tenaga ahli, ahli, mas admin, mbak admin, kak admin",
    ),
    (
        Desk,
        "cs, csnya, cs nya, c s, cso, customer service*, customer care, cust service, costumer service, kostumer servis, layanan pelanggan, layanan konsumen, pelayanan pelanggan, tim, timnya, tim nya, team, bagian, bag, divisi, pihak, kantor, gudang, toko, call center, callcenter, helpdesk, support, live chat, livechat, live agent, keuangan, tim teknis, pusat bantuan, halo cs, layanan manusia, kalian, pusat layanan, pengaduan, cs asli, contact center, bantuan cs",
    ),
    (
        Want,
        "mau, maw, mw, mo, pengen, pengin, pgn, pingin, ingin, inginnya, butuh, perlu, minta, mnta, mint, mohon, harap, harus, pgnnya, hoyong, kepengen, pengennya, lebih baik, lebih enak, mending, mendingan, enakan, kudu, nuntut, menuntut, tuntut, cari, nyari, lebih suka, maunya, wajib",
    ),
    (
        Talk,
        "bicara*, bicarain, berbicara, bcr, bcra, bicra, ngomong*, omong*, ngobrol*, obrol*, chat, chatting, ngechat, chatan, curhat*, diskusi*, komplain*, complain, tanya langsung, ngadu, mengadu, nyarios, konsultasi*, jelasin, menjelaskan, berkomunikasi, komunikasi*, ketemu, bertemu, berhadapan, tektokan",
    ),
    (
        Connect,
        "sambung*, smbung*, disambung*, nyambung ke, nyambungno, menyambung*, hubungkan, dihubungkan, hubungin ke, terhubung, hubungkan saya, oper, operin, dioper, alih*, dialih*, mengalih*, terus*, diterus*, teruskan, eskalasi*, panggil*, dipanggil*, panggilin, turun tangan, ambil alih, diambil alih, ganti sama, ganti ke, ganti dengan, gantiin, arahkan, diarahkan, limpahkan, dilimpahkan, lempar ke, forward, transfer ke cs, transfer ke admin, masukin ke, tolong panggil, colek",
    ),
    (
        Call,
        "telpon*, telepon*, telp, telpn, tlp, tlpn, tlfn, telfon*, nelpon, ditelpon*, ditelepon*, ditelp, ditelfon*, hubungi*, dihubungi*, hub, hubungin, kontak, dikontak, kontakan, dikabari, kabari, kabarin, panggilan, call, callback, video call, vc, menghubungi, calling, wa saya, japri",
    ),
    (
        Help,
        "bantu*, dibantu*, bantuin, bales*, balas*, dibales*, dibalas*, jawab*, dijawab*, jawabin, menjawab, tangani*, ditangani*, menangani, layani*, dilayani*, melayani, cek, dicek, urus*, diurus*, respon*, direspon*, merespon, tanggapi*, ditanggapi*, proses, diproses, baca, dibaca, tengok, tinjau, nolong, ngurusin, ngurus, liatin, manual, bantuannya, secara langsung, langsung, lgsg, lgsung, lngsg",
    ),
    (
        Give,
        "kasih, ksh, kasi, beri, berikan, cariin, carikan, datangkan, datengin, keluarin, tampilkan, ada, adakah, ada yg, ada yang, punya, munculin, suruh, suruhin",
    ),
    (
        May,
        "bisa, bs, bsa, boleh, blh, tolong, tlg, tlong, tolongin, tulung, dong, donk, dongs, pls, please, plis, pliss, mungkin, bisakah, bolehkah, apakah bisa, dapatkah, dapat, berkenan, dipersilakan, mbok, ya kak, nya kak, kiranya, 🙏",
    ),
    (
        Now,
        "sekarang, skrg, skr, segera, cepat, cepet, buruan, urgent, darurat, hari ini, secepatnya, asap, mendesak, buru, gercep",
    ),
    (
        Bot,
        "bot, bots, botnya, bot nya, bote, robot*, chatbot*, mesin, mesinnya, otomatis*, autoreply, auto reply, autorespon*, auto respon*, balasan otomatis, ai, template*, templet, sistem, jawaban template, komputer, program, asisten virtual, kecerdasan buatan, auto, botol kosong, menu",
    ),
    (
        Fail,
        "ga guna, gak guna, ga berguna, ga ngerti, gak ngerti, nggak ngerti, ngga ngerti, tidak mengerti, ga paham, gak paham, ga mudeng, ra mudeng, ga nyambung, gak nyambung, bego, goblok, tolol, bodoh, dodol, ngaco, ribet, capek, cape, lelah, males, malas, bosen, bosan, kesel, kesal, muak, pusing, jengkel, ngulang*, diulang*, itu itu aja, itu mulu, sama mulu, sama terus, mulu, muter, muter muter, terus sih, udah 3x, 3x, 5x, berkali kali, kali nanya, percuma, sia sia, ga membantu, gak membantu, tidak membantu, ga solutif, ga jelas, gajelas, frustasi, emosi, ga beres, ga menjawab, ga bisa bantu, gak bisa bantu, ga ada solusi, ga kelar kelar",
    ),
    (
        Stop,
        "stop, matiin, matikan, berhenti, hentikan, nonaktif*, off, offin, udahan, cukup, sudahi, jangan, tutup, setop, keluar dari, hilangkan",
    ),
    (
        Real,
        "asli, beneran, betulan, real, sungguhan, hidup, nyata, bernyawa, kompeten, live, yang nyata, beneran ya, tulen, waras, mikir",
    ),
    (
        There,
        "disini, di sini, sini, disana, di situ, jaga, jaga ga, online, on, standby, aktif, tersedia, ada orang, di balik, kemana, ke mana, hadir, siaga, melek",
    ),
    (
        How,
        "mana, manaa, dimana, di mana, dmn, gimana caranya, gimana cara, bagaimana cara, cara hubungi, cara ngobrol, cara bicara, cara chat, caranya, gmn cara, gmn, gimana, siapa yg bisa, siapa yang bisa, dengan siapa, sama siapa, ke siapa, nomor yang bisa, pencet apa, ketik apa, pilih apa, nomor wa admin yang, kemana harus",
    ),
    (
        Not,
        "ga, gak, nggak, ngga, g, gk, engga, enggak, tidak, tdk, tak, gausah, jangan, jgn, belum, blm, tanpa, bukan, bkn, gamau, gaperlu, ora, ra, teu, ndak, kagak, kaga",
    ),
    (Nobody, "siapa2, siapa siapa, ga ada orang, gada orang, tidak ada orang, gak ada orang, siapapun"),
    (
        Instead,
        "daripada, dibanding, bukan bot, bukan robot, bukan mesin, ketimbang, ganti, jangan bot, jangan robot, drpd, tanpa bot",
    ),
    (
        Over,
        "kemarin, kmrn, kemaren, tadi, td, minggu lalu, bulan lalu, waktu itu, udah dibantu, udah dihubungi, udah ditelpon, udah dibales, udah dijawab, udah ngomong, sudah dibantu, sudah dihubungi, sudah ditelpon, sudah dibalas, sudah bicara, bilang, katanya, kata, pernah, udah, sudah, dah, udh, sdh, dulu, barusan, semalam, dijanjikan, janji, dateng",
    ),
    (
        Later,
        "kalau, kalo, klo, kl, jika, nanti, ntar, besok, bsk, baru, kapan kapan, lain kali, mungkin nanti, apabila, seandainya, misal, misalnya, minggu depan",
    ),
    (
        Settled,
        "beres, selesai, kelar, ketemu jawabannya, teratasi, solved, clear, abaikan, lupain, lupakan, ga jadi, gak jadi, gajadi, batal, ga perlu, gak perlu, ga usah, gak usah, tidak perlu, tidak usah, nggak perlu, nggak usah, gaperlu, ngga perlu, ga butuh, aman, cukup bot, udah bener, udah bisa",
    ),
    (
        Praise,
        "makasih cs, makasih admin, makasih min, makasih kak, terima kasih tim, makasih, terima kasih, ramah*, baik banget, baik bgt, mantap, mantul, keren, bagus, pinter, pintar, salam buat, salam, top, oke banget, the best, cepat tanggap, lancar, puas, sukses, jos",
    ),
    (
        YouAre,
        "kamu, km, lo, lu, anda, ini bot, ini robot, ini manusia, ini orang, ini admin, ini dengan, kamu bot, kamu orang, lagi chat sama, ini ai, situ",
    ),
    (
        IAm,
        "saya agen, saya admin, saya operator, saya karyawan, saya sales, saya staf, saya manajer, saya bekerja, saya kerja, bos saya, manajer saya, suami, istri, adek, adik, kakak saya, teman saya, temen, temen gue, orang tua, ortu, ibu saya, ayah saya, tim saya, karyawan saya, anak saya, toko saya, sbg, sebagai, kantor saya, pelanggan saya",
    ),
    (
        Become,
        "lowongan, loker, lamar*, melamar, rekrut*, daftar jadi, cara jadi, jadi agen, jadi reseller, jadi admin, reseller, gaji, kerja di, menjadi agen, menjadi, magang, nerima karyawan, hiring, dropship*, mitra, kemitraan, gabung jadi, jadi",
    ),
    (
        Thing,
        "nomor agen, no agen, nomor admin, nomor cs, kode, kartu, id, diskon, harga, biaya, fee, ongkos, ongkir, jam berapa, jam brp, jam, jam operasional, operasional, buka, libur, alamat, email, tiket, foto, rambut, wig, buku, hak, hak asasi, sumber daya, meja, tenda, kamar, paket, paketnya, ukuran, nama, seluler, robot vacuum, vacuum, mesin cuci, mesin kopi, cuci, speaker, bluetooth, hp, rekening, link, linknya, katalog, kurir*, driver, resmi, properti, travel, asuransi, pulsa, resi, grosir, invoice, biaya admin, gratis admin, pcs, sepatu, promo, kado, garansi, administrasi, alat berat, per orang, kontrak",
    ),
    (
        Count,
        "satu, dua, tiga, empat, lima, enam, per, berapa, brp, setiap, tiap, untuk, utk, buat, orang lain, beberapa, berdua, bertiga, berempat",
    ),
    (Your, "kalian, tokonya, mu, anda, lo, kamu, pihak toko, dari toko, dari pihak, dari sana, tim kalian, nya"),
    (Me, "saya, sy, aku, ak, gue, gw, gua, sya, kami, kita, abdi, aq, ku"),
    (With, "dengan, dg, dgn, sama, sm, ama, ke, k, pada, kepada, kpd, lewat, dari, dr, karo, sareng, via"),
    (
        Filler,
        "kak, kakak, ka, gan, sis, bro, min, ya, yaa, yah, sih, deh, nih, halo, hallo, hai, hi, permisi, selamat siang, selamat pagi, selamat sore, selamat malam, assalamualaikum, itu, ini, aja, saja, juga, kok, lah, kan, woy, woi, tuh, yang, yg, oke, ok, nya, apa, apakah, dan, wkwk*, mbak, mas, soal, kah",
    ),
];
