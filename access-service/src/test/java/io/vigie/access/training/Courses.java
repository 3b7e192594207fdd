package io.vigie.access.training;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;

import static io.vigie.kernel.security.Roles.CISO;

/** What the tests of training ask the service again and again. */
final class Courses {

  static final UUID CISO_ID = UUID.randomUUID();
  static final String CISO_TOKEN = Tokens.of(CISO_ID, CISO);

  private Courses() {}

  /** A business profile that nobody else has, so that a course for it is asked of nobody else. */
  static String profile() {
    return "profile " + UUID.randomUUID();
  }

  /** The sheet of a course for the people of one profile. */
  static Map<String, Object> sheet(String profile) {
    Map<String, Object> sheet = new HashMap<>();
    sheet.put("code", "c" + UUID.randomUUID().toString().substring(0, 30));
    sheet.put("titleFr", "Nœuds");
    sheet.put("titleEn", "Knots");
    sheet.put("audience", Map.of("everyone", false, "profiles", List.of(profile)));
    sheet.put("content", Map.of("reference", "https://training.example/knots", "version", "3"));
    return sheet;
  }

  static String create(Map<String, Object> sheet) {
    return Rest.as(CISO_TOKEN)
        .body(sheet)
        .post("/v1/courses")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** Somebody with this profile and first day; {@code subject} may be null. Returns their id. */
  static String join(String profile, LocalDate joinedOn, UUID subject) {
    Map<String, Object> person = Api.profile(subject);
    person.put("businessProfile", profile);
    person.put("joinedOn", joinedOn.toString());
    return Rest.as(Api.TOKEN)
        .body(person)
        .post("/v1/people")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  static Response attend(String token, String course, String person, LocalDate on) {
    return Rest.as(token)
        .body(Map.of("course", course, "person", person, "attendedOn", on.toString()))
        .post("/v1/attendances");
  }

  static Response training(String person) {
    return Rest.as(CISO_TOKEN).get("/v1/people/" + person + "/training");
  }
}
