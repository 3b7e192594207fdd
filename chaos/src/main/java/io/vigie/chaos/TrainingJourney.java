package io.vigie.chaos;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A course that somebody attends; some of it was recorded in error, and some courses end. */
final class TrainingJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String code = "c" + UUID.randomUUID();
    Client.Done course = create(client, code, code);
    String person = PersonJourney.join(client).id();
    Client.Done attendance =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/attendances",
            "attendance",
            Map.of(
                "course",
                course.id(),
                "person",
                person,
                "attendedOn",
                LocalDate.now(ZoneOffset.UTC).minusDays(1).toString()),
            Write.marked("course.attended.v1", person));
    if (client.random().nextBoolean()) {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/attendances/" + attendance.id() + "/annulment",
          Map.of("reason", "did not come"),
          attendance.version(),
          Write.to("attendance/" + attendance.id(), "course.attendance-annulled.v1"));
    }
    if (client.random().nextBoolean()) {
      client.act(
          "ciso",
          SERVICE,
          "/v1/courses/" + course.id() + "/retirement",
          Map.of("reason", "taught with another"),
          course.version(),
          Write.to("course/" + course.id(), "course.retired.v1"));
    }
  }

  /** One for a business profile. */
  static Client.Done create(Client client, String code, String profile) throws Client.GaveUp {
    return client.create(
        MANAGER,
        SERVICE,
        "/v1/courses",
        "course",
        Map.of(
            "code",
            code,
            "titleFr",
            "Le chaos",
            "titleEn",
            "Chaos",
            "audience",
            Map.of("everyone", false, "profiles", List.of(profile)),
            "content",
            Map.of("reference", "https://vigie.example/" + code, "version", "1"),
            "firstWithinDays",
            14,
            "validityMonths",
            12),
        Write.marked("course.created.v1", code));
  }
}
