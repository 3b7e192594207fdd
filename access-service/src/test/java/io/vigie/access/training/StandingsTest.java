package io.vigie.access.training;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.Test;

import static io.vigie.access.training.Courses.CISO_TOKEN;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What is worked out in the database, held against the rule written down for one person. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class StandingsTest {

  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

  private record Rule(
      String id, List<String> profiles, LocalDate from, int within, int months, int remind) {}

  private record Somebody(String id, String profile, LocalDate joinedOn) {}

  private record Taken(String person, String course, LocalDate on) {}

  private final Random random = new Random(20_260_102);
  private final List<Taken> attendances = new ArrayList<>();

  @Test
  void everybodyStandsAsTheRuleSaysWhateverTheyTookAndWhenever() {
    // Given
    List<String> profiles = List.of(Courses.profile(), Courses.profile(), Courses.profile());
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      rules.add(rule(profiles));
    }
    List<Somebody> people = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      LocalDate day = TODAY.minusDays(random.nextInt(800) - 30);
      String profile = profiles.get(random.nextInt(3));
      people.add(new Somebody(Courses.join(profile.toUpperCase(), day, null), profile, day));
    }
    for (int i = 0; i < 60; i++) {
      take(people.get(random.nextInt(15)), rules.get(random.nextInt(6)));
    }

    // Then
    for (Somebody person : people) {
      Map<String, String> expected = new TreeMap<>();
      for (Rule rule : rules) {
        if (rule.profiles().contains(person.profile())) {
          expected.put(rule.id(), standing(person, rule));
        }
      }
      assertEquals(expected, told(person.id()), person + " " + attendances);
    }
  }

  private Rule rule(List<String> profiles) {
    int first = random.nextInt(3);
    List<String> some =
        random.nextBoolean()
            ? List.of(profiles.get(first))
            : List.of(profiles.get(first), profiles.get((first + 1) % 3));
    LocalDate from = TODAY.minusDays(random.nextInt(500));
    int within = 1 + random.nextInt(200);
    int months = random.nextInt(4) * 6;
    int remind = random.nextInt(60);
    Map<String, Object> sheet = Courses.sheet(some.get(0));
    sheet.put("audience", Map.of("everyone", false, "profiles", some));
    sheet.put("requiredFrom", from.toString());
    sheet.put("firstWithinDays", within);
    sheet.put("validityMonths", months);
    sheet.put("remindDays", remind);
    return new Rule(Courses.create(sheet), some, from, within, months, remind);
  }

  /** Of four attendances, one is annulled. */
  private void take(Somebody person, Rule rule) {
    LocalDate on = TODAY.minusDays(random.nextInt(700));
    Response answer = Courses.attend(CISO_TOKEN, rule.id(), person.id(), on);
    if (answer.statusCode() != 201) {
      assertEquals(409, answer.statusCode());
    } else if (random.nextInt(4) == 0) {
      String path = "/v1/attendances/" + answer.path("id");
      Api.change(CISO_TOKEN, "POST", path, "/annulment", Map.of("reason", "error"))
          .then()
          .statusCode(200);
    } else {
      attendances.add(new Taken(person.id(), rule.id(), on));
    }
  }

  private String standing(Somebody person, Rule rule) {
    LocalDate asked = person.joinedOn().isAfter(rule.from()) ? person.joinedOn() : rule.from();
    LocalDate dueOn = asked.plusDays(rule.within());
    boolean holds = false;
    for (Taken taken : attendances) {
      if (taken.person().equals(person.id()) && taken.course().equals(rule.id())) {
        if (rule.months() == 0) {
          return "VALID null";
        }
        LocalDate until = taken.on().plusMonths(rule.months());
        holds |= !until.isBefore(TODAY);
        dueOn = until.isAfter(dueOn) ? until : dueOn;
      }
    }
    String due =
        dueOn.isBefore(TODAY)
            ? "OVERDUE"
            : holds && dueOn.minusDays(rule.remind()).isAfter(TODAY) ? "VALID" : "DUE";
    return due + " " + dueOn;
  }

  private static Map<String, String> told(String person) {
    List<Map<String, Object>> items = Courses.training(person).path("items");
    Map<String, String> told = new HashMap<>();
    items.forEach(
        item -> told.put((String) item.get("course"), item.get("due") + " " + item.get("dueOn")));
    return new TreeMap<>(told);
  }
}
