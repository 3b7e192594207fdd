package io.vigie.chaos;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody proposes a supplier and signs a contract with the clauses that the policy asks for;
 * another approves it, accepts how it was assessed and decides about its sub-processor; perhaps it
 * is needed no more.
 */
final class SupplierJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";

  /** The mandatory ones of who develops. */
  private static final List<String> CLAUSES =
      List.of(
          "R2.3", "R4.2", "R4.4", "R4.5", "R7.2", "R8.1", "R10.3", "R11.2", "R11.12", "R11.15",
          "R11.16", "R13.4");

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Client.Done supplier = propose(client);
    String path = "/v1/suppliers/" + supplier.id();
    String subject = "supplier/" + supplier.id();
    String version = approve(client, path, subject, supplier.version());
    version = assess(client, path, subject, version);
    version = relyOn(client, path, subject, version);
    if (client.random().nextBoolean()) {
      client.act(
          MANAGER,
          SERVICE,
          path + "/ending",
          Map.of("reason", "done"),
          version,
          Write.to(subject, "supplier.ended.v1"));
    }
  }

  static Client.Done propose(Client client) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    return client.create(
        MANAGER,
        SERVICE,
        "/v1/suppliers",
        "supplier",
        Map.of(
            "name",
            name,
            "services",
            "develops",
            "activities",
            List.of("DEVELOPS"),
            "criticality",
            "MODERATE",
            "handlesClientData",
            false,
            "countries",
            List.of("FR"),
            "contactName",
            "Ada Chaos",
            "contactEmail",
            name + "@supplier.example"),
        Write.marked("supplier.registered.v1", name));
  }

  private static String approve(Client client, String path, String subject, String version)
      throws Client.GaveUp {
    String yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1).toString();
    Client.Done contract =
        client.act(
            MANAGER,
            SERVICE,
            path + "/contracts",
            Map.of(
                "reference",
                "C-1",
                "signedOn",
                yesterday,
                "startsOn",
                yesterday,
                "noticePeriod",
                "P3M",
                "documents",
                List.of(),
                "clauses",
                CLAUSES),
            version,
            Write.to(subject, "supplier.contract-signed.v1"));
    return client
        .act(
            "ciso",
            SERVICE,
            path + "/approval",
            null,
            contract.version(),
            Write.to(subject, "supplier.approved.v1"))
        .version();
  }

  private static String assess(Client client, String path, String subject, String version)
      throws Client.GaveUp {
    Client.Done planned =
        client.act(
            MANAGER,
            SERVICE,
            path + "/assessments",
            Map.of("plannedFor", LocalDate.now(ZoneOffset.UTC).toString()),
            version,
            Write.to(subject, "supplier.assessment-planned.v1"));
    String assessment = path + "/assessments/" + planned.id();
    Client.Done done =
        client.act(
            MANAGER,
            SERVICE,
            assessment + "/completion",
            Map.of(
                "doneAt",
                Instant.now().minusSeconds(60).toString(),
                "method",
                "QUESTIONNAIRE",
                "result",
                "SATISFACTORY",
                "summary",
                "all is well",
                "reservations",
                List.of()),
            planned.version(),
            Write.to(subject, "supplier.assessment-done.v1"));
    return client
        .act(
            "ciso",
            SERVICE,
            assessment + "/acceptance",
            null,
            done.version(),
            Write.to(subject, "supplier.assessment-accepted.v1"))
        .version();
  }

  private static String relyOn(Client client, String path, String subject, String version)
      throws Client.GaveUp {
    Client.Done declared =
        client.act(
            MANAGER,
            SERVICE,
            path + "/sub-processors",
            Map.of("name", "another", "service", "hosts", "country", "FR"),
            version,
            Write.to(subject, "supplier.sub-processor-declared.v1"));
    String subProcessor = path + "/sub-processors/" + declared.id();
    Client.Done decided =
        client.random().nextBoolean()
            ? client.act(
                "ciso",
                SERVICE,
                subProcessor + "/approval",
                null,
                declared.version(),
                Write.to(subject, "supplier.sub-processor-approved.v1"))
            : client.act(
                "ciso",
                SERVICE,
                subProcessor + "/objection",
                Map.of("reason", "unknown to us"),
                declared.version(),
                Write.to(subject, "supplier.sub-processor-objected.v1"));
    return decided.version();
  }
}
