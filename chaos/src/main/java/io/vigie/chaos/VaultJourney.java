package io.vigie.chaos;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody asks for access to the backups of an asset, which the CISO approves, restores a copy and
 * has it deleted with a colleague's approval, and gives the access back.
 */
final class VaultJourney implements Journey {

  private static final String ADMIN = "sysadmin";
  private static final String CISO = "ciso";
  private static final String SERVICE = "backup";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String asset = UUID.randomUUID().toString();
    String run = AssetJourney.backUp(client, asset);
    Client.Done access =
        client.create(
            ADMIN,
            SERVICE,
            "/v1/backup-accesses",
            "backup-access",
            Map.of("assets", List.of(asset), "reason", "chaos", "minutes", 480),
            Write.marked("backup-access.requested.v1", asset));
    String path = "/v1/backup-accesses/" + access.id();
    String subject = "backup-access/" + access.id();
    client.act(
        CISO,
        SERVICE,
        path + "/approval",
        null,
        access.version(),
        Write.to(subject, "backup-access.opened.v1"));
    client.act(
        ADMIN,
        SERVICE,
        path + "/uses",
        Map.of("action", "RESTORE", "run", run, "reason", "chaos"),
        null,
        Write.to(subject, "backup-access.used.v1"));
    delete(client, access.id(), run);
    client.act(
        ADMIN,
        SERVICE,
        path + "/ending",
        null,
        client.look(ADMIN, SERVICE, path).version(),
        Write.to(subject, "backup-access.ended.v1"));
  }

  private static void delete(Client client, String access, String run) throws Client.GaveUp {
    Client.Done deletion =
        client.create(
            ADMIN,
            SERVICE,
            "/v1/backup-deletions",
            "backup-deletion",
            Map.of("access", access, "run", run, "reason", "chaos"),
            Write.marked("backup-deletion.requested.v1", run));
    String path = "/v1/backup-deletions/" + deletion.id();
    String subject = "backup-deletion/" + deletion.id();
    Client.Done approved =
        client.act(
            CISO,
            SERVICE,
            path + "/approval",
            null,
            deletion.version(),
            Write.to(subject, "backup-deletion.approved.v1"));
    client.act(
        ADMIN,
        SERVICE,
        path + "/completion",
        null,
        approved.version(),
        Write.to(subject, "backup-deletion.completed.v1"));
  }
}
