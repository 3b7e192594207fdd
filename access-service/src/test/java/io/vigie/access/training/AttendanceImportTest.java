package io.vigie.access.training;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.access.training.Courses.CISO_ID;
import static io.vigie.access.training.Courses.CISO_TOKEN;
import static io.vigie.kernel.security.Roles.HR_IMPORT;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class AttendanceImportTest {

  private static final String HEADER = "course,email,attendedOn\n";
  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

  private String profile;
  private String code;
  private String course;

  @BeforeEach
  void aCourse() {
    profile = Courses.profile();
    Map<String, Object> sheet = Courses.sheet(profile);
    code = (String) sheet.get("code");
    course = Courses.create(sheet);
  }

  private String email(UUID subject) {
    Map<String, Object> person = Api.profile(subject);
    person.put("businessProfile", profile);
    Rest.as(Api.TOKEN).body(person).post("/v1/people").then().statusCode(201);
    return (String) person.get("email");
  }

  private String row(String email, LocalDate day) {
    return code + "," + email + "," + day + "\n";
  }

  private static Response post(String token, String table, String query) {
    return Rest.as(token)
        .contentType("text/csv; charset=utf-8")
        .body(table)
        .post("/v1/attendances/import" + query);
  }

  private void assertKept(int count) {
    Rest.as(CISO_TOKEN)
        .get("/v1/attendances?limit=200&course=" + course)
        .then()
        .body("items", hasSize(count));
  }

  @Test
  void aTableIsTriedThenImportedAndImportingItAgainChangesNothing() {
    String first = email(null);
    String table =
        HEADER + row(first.toUpperCase(), TODAY) + row(email(null), TODAY) + row(first, TODAY);

    post(CISO_TOKEN, table, "?dryRun=true")
        .then()
        .statusCode(200)
        .body("created", equalTo(2))
        .body("unchanged", equalTo(1));
    assertKept(0);

    post(CISO_TOKEN, table, "")
        .then()
        .statusCode(200)
        .body("created", equalTo(2))
        .body("rows[0].attendance", notNullValue());
    assertKept(2);

    post(Tokens.of(HR_IMPORT), table, "")
        .then()
        .body("created", equalTo(0))
        .body("unchanged", equalTo(3));
    assertKept(2);
  }

  @Test
  void oneWrongRowKeepsAllOutUnlessTheOthersAreWanted() {
    String leaver = Courses.join(profile, TODAY, null);
    Api.leave(leaver).then().statusCode(200);
    String table =
        "course;person;email;attendedOn\n"
            + "%s;;%s;%s\n".formatted(code, email(null), TODAY)
            + "knots-of-nobody;;x@example.org;yesterday\n"
            + "%s;%s;;%s\n".formatted(code, leaver, TODAY)
            + "%s;;%s;%s\n".formatted(code, email(CISO_ID), TODAY)
            + "%s;;%s;%s\n".formatted(code, email(null), TODAY.plusDays(1));

    problem(post(CISO_TOKEN, table, ""), 422, "rows-refused")
        .body(
            "errors.field",
            contains(
                "row 2: course",
                "row 2: email",
                "row 2: attendedOn",
                "row 3: person",
                "row 4: email",
                "row 5: attendedOn"));
    assertKept(0);

    post(CISO_TOKEN, table, "?atomic=false")
        .then()
        .statusCode(200)
        .body("created", equalTo(1))
        .body("refused", equalTo(4))
        .body("rows[3].errors.field", contains("email"));
    assertKept(1);
  }

  @Test
  void whatIsNoTableIsRefusedWithAReason() {
    problem(post(CISO_TOKEN, "course,email\n", ""), 400, "bad-request");
    problem(post(CISO_TOKEN, "course,shoe\na,b\n", ""), 400, "validation")
        .body("errors.field", hasItem("shoe"));
    problem(post(CISO_TOKEN, "course,course\na,b\n", ""), 400, "validation");
    problem(post(CISO_TOKEN, "course,email\na,b,c\n", ""), 400, "bad-request");
    problem(post(CISO_TOKEN, "course,\"email\na", ""), 400, "bad-request");
    byte[] latin = "course,email\né,b\n".getBytes(StandardCharsets.ISO_8859_1);
    problem(
        Rest.as(CISO_TOKEN).contentType("text/csv").body(latin).post("/v1/attendances/import"),
        400,
        "bad-request");
  }

  @Test
  void aThousandDaysAreTakenWhole() {
    String email = email(null);
    String rows =
        IntStream.range(0, 1_000)
            .mapToObj(i -> row(email, TODAY.minusDays(i)))
            .collect(Collectors.joining());

    post(CISO_TOKEN, HEADER + rows, "").then().statusCode(200).body("created", equalTo(1_000));
  }
}
