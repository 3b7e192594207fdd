package io.vigie.asset.bulk;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.asset.Calls;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class BulkTest {

  private static final String TOKEN = Tokens.of(ASSET_MANAGER);
  private static final String HEADER = "name,kind,serialNumber,make,attributes.rack\n";

  private String site;

  @BeforeEach
  void somewhere() {
    site =
        Calls.create(
            TOKEN, "/v1/assets", Map.of("name", "Lyon", "kind", "PREMISES", "production", false));
  }

  @Test
  void aRowThatNamesASiteOrASupplierOrAClientThatIsNoneIsRefused() {
    UUID nowhere = UUID.randomUUID();

    post(
            "name,kind,site,supplier,client\na,SERVER,%1$s,,\nb,SERVER,%2$s,%2$s,%2$s\n"
                .formatted(site, nowhere),
            "?atomic=false")
        .then()
        .body("created", equalTo(1))
        .body("refused", equalTo(1))
        .body("rows[1].errors.field", contains("site", "supplier", "client"));
  }

  @Test
  void aTableIsTriedThenImportedAndImportingItAgainChangesNothing() {
    String table =
        "name,kind,serialNumber,site,production,attributes.processors\n"
            + "a,SERVER,%1$s-1,%1$s,oui,4\n\"b, \"\"the other\"\"\",SERVER,%1$s-2,%1$s,false,\n"
                .formatted(site);

    post(table, "?dryRun=true").then().statusCode(200).body("created", equalTo(2));
    Rest.as(TOKEN).get("/v1/assets?site=" + site).then().body("items", hasSize(0));

    post(table, "").then().body("created", equalTo(2)).body("rows.asset", hasItem(notNullValue()));
    Rest.as(TOKEN)
        .get("/v1/assets?site=" + site)
        .then()
        .body("items.name", contains("a", "b, \"the other\""))
        .body("items[0].production", equalTo(true))
        .body("items[0].attributes.processors", equalTo(4));

    post(table, "").then().body("unchanged", equalTo(2));
    post(table.replace("oui,4", "oui,8"), "")
        .then()
        .body("updated", equalTo(1))
        .body("unchanged", equalTo(1));
  }

  @Test
  void whatAnImportDoesNotDecideIsSaidAlsoWhenItIsTried() {
    String table =
        "name,kind,owner,site,Etat,prix,confidentiality\na,SERVER,%1$s,%1$s,IN_SERVICE,3,4\n"
            .formatted(site);
    for (boolean dryRun : List.of(true, false)) {
      Rest.as(TOKEN)
          .contentType("text/csv; charset=utf-8")
          .queryParam("dryRun", dryRun)
          .queryParam("map", "Etat:state", "prix:-")
          .body(table)
          .post("/v1/assets/import")
          .then()
          .statusCode(200)
          .body("created", equalTo(1))
          .body("passedOver", contains("owner", "Etat", "confidentiality"));
    }
    Rest.as(TOKEN)
        .get("/v1/assets?site=" + site)
        .then()
        .body("items.owner", contains(nullValue()))
        .body("items.state", contains("IN_STOCK"));
    post("name,kind\nb,SERVER\n", "?dryRun=true").then().body("passedOver", hasSize(0));
  }

  @Test
  void oneWrongRowKeepsAllOutUnlessTheOthersAreWanted() {
    String serial = UUID.randomUUID().toString();
    String table =
        HEADER + "good,SERVER," + serial + ",,\nbad,SPACESHIP,x,,\n,SERVER,,,\nc,TAPE,,,B4\n";

    problem(post(table, ""), 422, "rows-refused")
        .body("errors.field", contains("row 2: kind", "row 3: name", "row 4: attributes.rack"));
    Rest.as(TOKEN).get("/v1/assets?serialNumber=" + serial).then().body("items", hasSize(0));

    post(table, "?atomic=false")
        .then()
        .statusCode(200)
        .body("created", equalTo(1))
        .body("refused", equalTo(3))
        .body("rows[1].errors.field", contains("kind"));
    Rest.as(TOKEN).get("/v1/assets?serialNumber=" + serial).then().body("items", hasSize(1));
  }

  @Test
  void aTableFromElsewhereIsReadWithAMapping() {
    String serial = UUID.randomUUID().toString();
    String table = "\uFEFFNom;Type;N° de série;Prix\nPoste 1;WORKSTATION;" + serial + ";12,50\n";

    problem(post(table, ""), 400, "validation").body("errors.field", hasItem("Prix"));
    Rest.as(TOKEN)
        .contentType("text/csv; charset=utf-8")
        .queryParam("map", "Nom:name", "Type:kind", "N° de série:serialNumber", "Prix:-")
        .body(table)
        .post("/v1/assets/import")
        .then()
        .statusCode(200)
        .body("created", equalTo(1));
  }

  @Test
  void rowsThatMeanTheSameAssetAreRefused() {
    String row = "a,SERVER," + UUID.randomUUID() + ",,\n";

    problem(post(HEADER + row + row, ""), 422, "rows-refused")
        .body("errors.field", contains("row 2: serialNumber"));
  }

  @Test
  void aRowWithAnIdIsAboutThatAssetWhateverElseItSays() {
    post("name,kind,site\nnameless,SERVER," + site + "\n", "").then().body("created", equalTo(1));
    String exported = Rest.as(TOKEN).get("/v1/assets/export/csv?site=" + site).asString();
    String id = exported.lines().skip(1).findFirst().orElseThrow().split(",")[0];

    post(exported, "").then().statusCode(200).body("unchanged", equalTo(1));
    post("id,name,machineId\n%s,renamed,%s\n".formatted(id, site), "")
        .then()
        .body("updated", equalTo(1))
        .body("rows[0].asset", equalTo(id));
    problem(
            post("id,name,kind\n%s,a,SERVER\nx,b,SERVER\n".formatted(UUID.randomUUID()), ""),
            422,
            "rows-refused")
        .body("errors.field", contains("row 1: id", "row 2: id"));
    problem(post("id,name\n%1$s,a\n%1$s,b\n".formatted(id), ""), 422, "rows-refused")
        .body("errors.field", contains("row 2: id"));
  }

  @Test
  void anIdOfAMachineInCapitalsIsTheSameId() {
    String columns = "name,kind,machineId\n";
    post(columns + "a,SERVER," + site.toUpperCase() + "\n", "").then().body("created", equalTo(1));

    problem(post(columns + "b,SERVER," + site + "\n", ""), 422, "rows-refused");
    problem(post(columns + "b,SERVER," + site.toUpperCase() + "\n", ""), 422, "rows-refused")
        .body("errors.field", contains("row 1: machineId"));
  }

  @Test
  void aTrialNamesTheRowsThatSayWhatIsAnotherAssets() {
    String columns = "name,kind,assetTag,serialNumber,machineId\n";
    String tag = "T-" + site.substring(0, 18);
    post(columns + "a,SERVER,%1$s,%2$s-1,%2$s-a\nb,SERVER,,%2$s-2,\n".formatted(tag, site), "")
        .then()
        .body("created", equalTo(2));

    post(
            columns
                + "c,SERVER,,,%2$s-a\na,SERVER,%1$s,%2$s-2,%2$s-a\nd,SERVER,,,%2$s-d\ne,SERVER,,,%2$s-d\n"
                    .formatted(tag, site),
            "?dryRun=true")
        .then()
        .statusCode(200)
        .body("rows.result", contains("REFUSED", "REFUSED", "CREATED", "REFUSED"))
        .body("rows[0].errors.field", contains("machineId"))
        .body("rows[1].errors.field", contains("serialNumber"))
        .body("rows[3].errors.field", contains("machineId"));
    post(columns + "a,SERVER,%1$s,%2$s-1,%2$s-b\nc,SERVER,,,%2$s-a\n".formatted(tag, site), "")
        .then()
        .statusCode(200)
        .body("updated", equalTo(1))
        .body("created", equalTo(1));
  }

  @Test
  void aThousandErrorsAreListedAndTheOthersCounted() {
    String table = "name,kind\n" + "a,SPACESHIP\n".repeat(1_003);

    post(table, "?dryRun=true")
        .then()
        .statusCode(200)
        .body("refused", equalTo(1_003))
        .body("rows.errors.flatten()", hasSize(1_000))
        .body("moreErrors", equalTo(3));
    problem(post(table, ""), 422, "rows-refused")
        .body("errors", hasSize(1_000))
        .body("detail", containsString("3 more errors"));
  }

  @Test
  void whatIsNoTableIsRefusedWithAReason() {
    for (String table :
        new String[] {
          "name,kind\n", "name,name\na,b\n", "name,kind\na,SERVER,more\n", "name,\"kind\na"
        }) {
      assertEquals(400, post(table, "").statusCode(), table);
    }
    byte[] latin = "name,kind\né,SERVER\n".getBytes(StandardCharsets.ISO_8859_1);
    problem(
        Rest.as(TOKEN).contentType("text/csv").body(latin).post("/v1/assets/import"),
        400,
        "bad-request");
  }

  @Test
  void anExportIsAnImportAndASpreadsheetRunsNothingOfIt() {
    String evil = "=cmd|'/c calc'!A1";
    String table =
        "name,kind,serialNumber,site\n\"%s\",SERVER,%s,%s\n"
            .formatted(evil, UUID.randomUUID(), site);
    post(table, "").then().body("created", equalTo(1));

    String exported = Rest.as(TOKEN).get("/v1/assets/export/csv?site=" + site).asString();

    assertTrue(exported.contains(",'" + evil + ","), exported);
    post(exported, "").then().statusCode(200).body("unchanged", equalTo(1));
    String line = Rest.as(TOKEN).get("/v1/assets/export?site=" + site).asString();
    assertEquals(evil, JsonPath.from(line).getString("name"));
  }

  @Test
  void anExportOfAFilterThatIsWrongIsRefusedBeforeItBegins() {
    for (String path : List.of("/v1/assets/export", "/v1/assets/export/csv")) {
      problem(Rest.as(TOKEN).get(path + "?attribute=engine"), 400, "validation");
      problem(Rest.as(TOKEN).get(path + "?kind=unheard-of"), 400, "validation");
    }
  }

  @Test
  void aThousandRowsAreTakenWholeAndComeOutAgain() {
    String rows =
        IntStream.range(0, 1_200)
            .mapToObj(i -> "s%d,SERVER,%s-%d,%s\n".formatted(i, site, i, site))
            .collect(Collectors.joining());

    post("name,kind,serialNumber,site\n" + rows, "").then().body("created", equalTo(1_200));

    Response exported = Rest.as(TOKEN).get("/v1/assets/export/csv?site=" + site);
    assertEquals(1_201, exported.asString().lines().count());
    assertEquals("chunked", exported.header("Transfer-Encoding"), "it is streamed, page by page");
  }

  @Test
  void tenThousandRowsAreJudgedAndMoreThanTwentyThousandNotReadToTheirEnd() {
    String columns = "name,kind,site\n";
    String row = "a,SERVER," + site + "\n";

    post(columns + row.repeat(10_000), "?dryRun=true")
        .then()
        .statusCode(200)
        .body("created", equalTo(10_000));
    problem(post(columns + row.repeat(20_001) + "\"never closed", ""), 400, "bad-request")
        .body("detail", equalTo("At most 20000 rows are taken at once. Split the table."));
  }

  private static Response post(String table, String query) {
    return Rest.as(TOKEN)
        .contentType("text/csv; charset=utf-8")
        .body(table)
        .post("/v1/assets/import" + query);
  }
}
