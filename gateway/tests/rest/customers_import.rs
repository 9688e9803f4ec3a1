//! `/api/customers/import/`: the form, and what is told of the rows.

use serde_json::{Value, json};

use crate::house::{House, Somebody};

const IMPORT: &str = "/api/customers/import/";
const GOOD_AND_BAD: &str = "name,email\nJane,jane@example.com\nJohn,nothing\n";

async fn count(house: &House, who: &Somebody) -> Value {
    house.get(who, "/api/customers/").await.is(200).json()["count"].clone()
}

#[tokio::test]
async fn atomic_is_heeded_however_it_is_spelled_and_wherever_it_stands() {
    let house = House::start().await;
    let owner = house.owner().await;
    for word in ["true", "TRUE", "1"] {
        let path = format!("{IMPORT}?atomic={word}");
        house.upload(&owner, &path, &[], GOOD_AND_BAD).await.problem(400, "request.invalid");
        for fields in [[("atomic", word), ("file", GOOD_AND_BAD)], [("file", GOOD_AND_BAD), ("atomic", word)]] {
            let problem = house.submit(&owner, IMPORT, &[], &fields).await.problem(400, "request.invalid");
            assert!(problem["errors"]["line 3"].is_array(), "{problem}");
        }
    }
    assert_eq!(count(&house, &owner).await, 0);
    let told = house.submit(&owner, IMPORT, &[], &[("file", GOOD_AND_BAD), ("atomic", "FALSE")]).await.is(200).json();
    assert_eq!((&told["imported"], &told["refused"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn atomic_that_is_not_clear_enters_nothing() {
    let house = House::start().await;
    let owner = house.owner().await;
    let file = ("file", GOOD_AND_BAD);
    for word in ["yes", "on", "maybe", "2"] {
        let path = format!("{IMPORT}?atomic={word}");
        let problem = house.upload(&owner, &path, &[], GOOD_AND_BAD).await.problem(400, "request.invalid_parameter");
        assert!(problem["errors"]["atomic"].is_array(), "{problem}");
        let problem = house.submit(&owner, IMPORT, &[], &[file, ("atomic", word)]).await.problem(400, "request.invalid");
        assert!(problem["errors"]["atomic"].is_array(), "{problem}");
    }
    let twice = [file, ("atomic", "true"), ("atomic", "false")];
    house.submit(&owner, IMPORT, &[], &twice).await.problem(400, "request.invalid");
    let path = format!("{IMPORT}?atomic=true");
    house.submit(&owner, &path, &[], &[file, ("atomic", "false")]).await.problem(400, "request.invalid");
    assert_eq!(count(&house, &owner).await, 0);
}

#[tokio::test]
async fn a_form_with_two_files_or_a_field_too_many_enters_nothing() {
    let house = House::start().await;
    let owner = house.owner().await;
    let (one, two) = (("file", "name,email\nJane,jane@example.com\n"), ("file", "name,email\nJohn,john@example.com\n"));
    for fields in [vec![one, two], vec![one, ("files", "x")], vec![("atomic", "false")]] {
        let problem = house.submit(&owner, IMPORT, &[], &fields).await.problem(400, "request.invalid");
        assert!(problem["errors"].is_object(), "{problem}");
    }
    assert_eq!(count(&house, &owner).await, 0);
}

#[tokio::test]
async fn a_form_that_ends_early_enters_nothing() {
    let house = House::start().await;
    let owner = house.owner().await;
    let cut =
        "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"c.csv\"\r\n\r\nname,email\nJane,jane@example.com\n";
    let request = poem::Request::builder()
        .method(poem::http::Method::POST)
        .uri_str(IMPORT)
        .header("authorization", format!("Bearer {}", owner.access))
        .content_type("multipart/form-data; boundary=x")
        .body(cut);
    house.send(request).await.problem(400, "request.malformed");
    assert_eq!(count(&house, &owner).await, 0);
}

#[tokio::test]
async fn a_row_with_cells_too_many_or_too_few_is_refused_with_its_line() {
    let house = House::start().await;
    let owner = house.owner().await;
    let file = "name,email,address,city\r\nA,a@example.com,Jl. Sudirman 3,Jakarta\r\nZ,z@example.com,Jl. Sudirman, No 3,Jakarta\r\n\
                S,s@example.com\r\nB,b@example.com,\"Jl. Sudirman, No 3\",Jakarta\r\n";
    let told = house.upload(&owner, IMPORT, &[], file).await.is(200).json();
    assert_eq!(told["message"], "2 customers imported, 2 rows refused");
    let rows = told["rows"].as_array().expect("rows");
    let lines: Vec<_> = rows.iter().map(|row| (row["line"].clone(), row["outcome"].clone())).collect();
    let wanted = [(2, "created"), (3, "invalid"), (4, "invalid"), (5, "created")];
    assert_eq!(lines, wanted.map(|(line, outcome)| (json!(line), json!(outcome))));
    let sentence = |row: &Value| row["errors"]["row"][0].as_str().expect("a sentence").to_owned();
    assert!(sentence(&rows[1]).starts_with("Has 5 cells") && sentence(&rows[2]).starts_with("Has 2 cells"), "{told}");
    let problem = house.upload(&owner, &format!("{IMPORT}?atomic=true"), &[], file).await.problem(400, "request.invalid");
    assert!(problem["errors"]["line 4"].is_array(), "{problem}");
}

#[tokio::test]
async fn one_of_each_is_told_in_the_singular() {
    let house = House::start().await;
    let owner = house.owner().await;
    let told = house.upload(&owner, IMPORT, &[], GOOD_AND_BAD).await.is(200).json();
    assert_eq!(told["message"], "1 customer imported, 1 row refused");
}
