package io.vigie.chaos;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;

/**
 * Two people come with a table as HR software writes it, one the other's manager. The next table
 * says that one does something else, another that they will do something else, the last that they
 * will leave, which may be taken back.
 */
final class StaffTableJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";
  private static final String IMPORT = "/v1/people/import";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String manager = UUID.randomUUID().toString();
    String member = UUID.randomUUID().toString();
    take(
        client,
        "givenName,familyName,email,businessProfile,manager,joinedOn",
        Write.marked("person.joined.v1", manager),
        newcomer(manager, ""),
        newcomer(member, mail(manager)));
    client.follows(Write.marked("person.joined.v1", member));
    String profile = UUID.randomUUID().toString();
    take(
        client,
        "email,businessProfile",
        Write.marked("person.changed.v1", profile),
        row(mail(member), profile));
    String id =
        client
            .look(MANAGER, SERVICE, "/v1/people?name=" + member)
            .body()
            .path("items")
            .path(0)
            .path("id")
            .asText();
    take(
        client,
        "email,movesOn,nextBusinessProfile",
        Write.to("person/" + id, "person.changed.v1", "plannedMove"),
        row(mail(member), today().plusDays(30).toString(), profile + " lead"));
    take(
        client,
        "email,lastDay",
        Write.to("person/" + id, "person.departure-planned.v1"),
        row(mail(member), today().plusDays(60).toString()));
    if (client.random().nextBoolean()) {
      String path = "/v1/people/" + id;
      client.act(
          MANAGER,
          SERVICE,
          path + "/departure/withdrawal",
          null,
          client.look(MANAGER, SERVICE, path).version(),
          Write.to("person/" + id, "person.departure-withdrawn.v1"));
    }
  }

  private static void take(Client client, String header, Write write, String... rows)
      throws Client.GaveUp {
    client.act(
        MANAGER,
        SERVICE,
        IMPORT,
        new Api.Document("text/csv", header + "\r\n" + String.join("\r\n", rows)),
        null,
        write);
  }

  private static String newcomer(String mark, String manager) {
    return row("Ada", mark, mail(mark), mark, manager, today().minusDays(30).toString());
  }

  private static String row(String... cells) {
    return String.join(",", cells);
  }

  private static String mail(String mark) {
    return mark + "@vigie.example";
  }

  private static LocalDate today() {
    return LocalDate.now(ZoneOffset.UTC);
  }
}
