package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A client entrusts data, and somebody asks for access to it on an instruction. The request is
 * withdrawn, or refused after who asked has tried to approve it; or another access manager, who
 * became one by a profile, approves it, and the access is revoked or expires; or it ends with the
 * client, whose data is then settled.
 */
final class ClientDataJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";
  private static final String FILE = "0123456789abcdef".repeat(4);

  @Override
  public void walk(Client client) throws Client.GaveUp {
    double end = client.random().nextDouble();
    boolean isApproved = end >= 0.4 && end < 0.8;
    boolean expires = end >= 0.6 && end < 0.8;
    String approver = isApproved ? approver(client) : null;
    Client.Done customer = register(client);
    String reference = UUID.randomUUID().toString();
    Client.Done access =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/client-accesses",
            "client-access",
            Map.of(
                "client",
                customer.id(),
                "person",
                PersonJourney.join(client).id(),
                "purpose",
                Map.of("ground", "INSTRUCTION", "reference", reference, "file", FILE),
                "validUntil",
                Instant.now()
                    .plus(expires ? Duration.ofSeconds(15) : Duration.ofDays(7))
                    .toString()),
            Write.marked("client-access.requested.v1", reference));
    String request = "/v1/client-accesses/" + access.id();
    String subject = "client-access/" + access.id();
    if (isApproved) {
      Client.Done approved =
          client.act(
              approver,
              SERVICE,
              request + "/approval",
              null,
              access.version(),
              Write.to(subject, "client-access.approved.v1"));
      if (expires) {
        client.follows(Write.to(subject, "client-access.expired.v1"));
        client.await(MANAGER, SERVICE, request, "state", state -> state.asText().equals("EXPIRED"));
      } else {
        client.act(
            MANAGER,
            SERVICE,
            request + "/revocation",
            Map.of("reason", "done"),
            approved.version(),
            Write.to(subject, "client-access.revoked.v1"));
      }
      return;
    }
    if (end < 0.2) {
      client.act(
          MANAGER,
          SERVICE,
          request + "/withdrawal",
          null,
          access.version(),
          Write.to(subject, "client-access.withdrawn.v1"));
      return;
    }
    if (end < 0.4) {
      client.inVain(
          MANAGER,
          "POST",
          SERVICE,
          request + "/approval",
          null,
          Write.to(subject, "client-access.approved.v1"));
      client.act(
          MANAGER,
          SERVICE,
          request + "/refusal",
          Map.of("reason", "no such instruction"),
          access.version(),
          Write.to(subject, "client-access.refused.v1"));
      return;
    }
    String path = "/v1/clients/" + customer.id();
    Client.Done ended =
        client.act(
            MANAGER,
            SERVICE,
            path + "/ending",
            Map.of(
                "fate", "RETURNED", "dueOn", LocalDate.now(ZoneOffset.UTC).plusDays(30).toString()),
            customer.version(),
            Write.to("client/" + customer.id(), "client.ended.v1"));
    client.act(
        MANAGER,
        SERVICE,
        path + "/data-settlement",
        Map.of("evidence", FILE),
        ended.version(),
        Write.to("client/" + customer.id(), "client.data-settled.v1"));
  }

  /** The account of somebody whose profile makes them an access manager. */
  private static String approver(Client client) throws Client.GaveUp {
    Team.Member member = Team.joinAlone(client);
    String name = UUID.randomUUID().toString();
    ProfileJourney.give(
        client, member.id(), PersonJourney.role(client, member.id(), name, MANAGER));
    client.follows(Write.marked("right.granted.v1", name));
    AccountJourney.spareSecondFactor(client, member.id());
    return member.account();
  }

  private static Client.Done register(Client client) throws Client.GaveUp {
    String asset = UUID.randomUUID().toString();
    return client.create(
        MANAGER,
        SERVICE,
        "/v1/clients",
        "client",
        Map.of(
            "name",
            "Chaos " + asset,
            "contract",
            Map.of("reference", asset, "startsOn", "2026-01-01", "file", FILE),
            "data",
            List.of(Map.of("category", "identity", "assets", List.of(asset))),
            "notificationDelayHours",
            48,
            "contact",
            Map.of("name", "Ada", "email", "ada@client.example")),
        Write.marked("client.registered.v1", asset));
  }
}
