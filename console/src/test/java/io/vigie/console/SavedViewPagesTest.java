package io.vigie.console;

import java.util.List;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.hamcrest.Matchers.endsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Filters that people give names, in the console's own database. */
@QuarkusTest
@QuarkusTestResource(Services.class)
@QuarkusTestResource(Database.class)
@TestSecurity(user = "vera", roles = "staff")
class SavedViewPagesTest {

  private static final String LOST = "state=LOST&name=%C3%A9t%C3%A9+%26";

  @Inject Pool database;

  @BeforeEach
  void somebodyWithoutViews() {
    Services.reset();
    Services.say("asset/v1/assets", 200, "{\"items\": []}");
    Services.say("access/v1/rights", 200, "{\"items\": []}");
    database.query("delete from saved_view").executeAndAwait();
  }

  private void keep(String account, String name) {
    database
        .preparedQuery(
            "insert into saved_view (account, register, name, query) values ($1, $2, $3, $4)")
        .executeAndAwait(Tuple.of(account, "assets", name, "state=LOST"));
  }

  private static RequestSpecification browser() {
    return RestAssured.given()
        .redirects()
        .follow(false)
        .urlEncodingEnabled(false)
        .header("Accept", "text/html,*/*;q=0.8");
  }

  private static String page(String path) {
    return browser().get(path).then().statusCode(200).extract().asString();
  }

  private static Response send(String path, String name, String query) {
    String token = browser().get("/assets").getCookie("csrf-token");
    RequestSpecification form =
        RestAssured.given()
            .redirects()
            .follow(false)
            .cookie("csrf-token", token)
            .formParam("csrf-token", token)
            .formParam("name", name);
    return (query == null ? form : form.formParam("query", query)).post(path);
  }

  @Test
  void aFilterIsKeptUnderANameOpenedAndDeleted() {
    assertFalse(page("/assets").contains("Save this filter"));
    assertTrue(
        page("/assets?" + LOST)
            .contains("name=\"query\" value=\"name=%C3%A9t%C3%A9+%26&amp;state=LOST\""));

    send("/assets/views", " Lost things ", "name=%C3%A9t%C3%A9+%26&state=LOST")
        .then()
        .statusCode(303)
        .header("Location", endsWith("/assets?name=%C3%A9t%C3%A9+%26&state=LOST&saved=DONE"));

    String link = "href=\"/assets?name=%C3%A9t%C3%A9+%26&amp;state=LOST\">Lost things</a>";
    String page = page("/assets?saved=DONE");
    assertTrue(page.contains("It is kept under its name."), page);
    assertTrue(page.contains(link), page);
    assertTrue(
        page("/registers").contains("state=LOST\">Assets: Lost things</a>"), "in the overview");
    assertFalse(page("/rights").contains("Lost things"), "of one register alone");

    // And under its name another filter takes its place
    send("/assets/views", "Lost things", "state=RETIRED").then().statusCode(303);
    assertTrue(page("/assets").contains("href=\"/assets?state=RETIRED\">Lost things</a>"));

    send("/assets/views/deletion", "Lost things", null)
        .then()
        .statusCode(303)
        .header("Location", endsWith("/assets?saved=DELETED"));
    assertFalse(page("/assets").contains("Lost things"));
  }

  @Test
  void nobodySeesOrDeletesTheViewsOfSomebodyElse() {
    keep("somebody-else", "Theirs");
    assertFalse(page("/assets").contains("Theirs"));
    send("/assets/views/deletion", "Theirs", null).then().statusCode(303);
    assertEquals(
        1,
        database
            .query("select from saved_view where account = 'somebody-else'")
            .executeAndAwait()
            .size());
  }

  @Test
  void whatIsNoFilterOrHasNoNameOrIsTooMuchIsNotKeptAndToldSo() {
    for (String query : List.of("", "unknown=1&after=7", "name=" + "x".repeat(2_001))) {
      send("/assets/views", "Some", query)
          .then()
          .statusCode(303)
          .header("Location", endsWith("/assets?saved=BAD_QUERY"));
    }
    for (String name : List.of("  ", "x".repeat(61))) {
      send("/assets/views", name, "state=LOST&unknown=1")
          .then()
          .statusCode(303)
          .header("Location", endsWith("/assets?state=LOST&saved=BAD_NAME"));
    }
    for (int number = 0; number < 50; number++) {
      keep("vera", "View " + number);
    }
    send("/assets/views", "One more", "state=LOST")
        .then()
        .header("Location", endsWith("saved=FULL"));
    send("/assets/views", "View 7", "state=RETIRED")
        .then()
        .header("Location", endsWith("saved=DONE"));
    assertTrue(page("/assets?saved=FULL").contains("Delete one first."));
    assertEquals(50, database.query("select from saved_view").executeAndAwait().size());
  }

  @Test
  void aFormFromElsewhereKeepsNothingAndWhatOneMayNotReadCannotBeKept() {
    browser()
        .formParam("name", "x")
        .formParam("query", "state=LOST")
        .post("/assets/views")
        .then()
        .statusCode(400);
    assertEquals(403, send("/suppliers/views", "x", "state=ACTIVE").statusCode());
    assertEquals(0, database.query("select from saved_view").executeAndAwait().size());
    browser().get("/assets/views").then().statusCode(303).header("Location", endsWith("/assets"));
  }

  @Test
  void aHostileNameIsShownInert() {
    send("/assets/views", "<script>alert(1)</script>'\"{inject:viewer.name}", "state=LOST");
    for (String path : List.of("/assets", "/registers")) {
      String page = page(path);
      assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), page);
      assertTrue(page.contains("{inject:viewer.name}"), page);
      assertFalse(page.contains("<script>alert"), page);
    }
  }
}
