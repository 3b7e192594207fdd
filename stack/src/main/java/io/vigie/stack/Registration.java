package io.vigie.stack;

import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.stack.Caller.Answer;

/** Puts this machine, and the people whose accounts take part, into the registers, once each. */
final class Registration {
  private final Accounts accounts;
  private final Trail trail;
  private final Clock clock;

  Registration(Accounts accounts, Trail trail, Clock clock) {
    this.accounts = accounts;
    this.trail = trail;
    this.clock = clock;
  }

  /** The asset that this machine is, in service, with an owner and the inventory of this moment. */
  String of(MachineInventory machine) throws IOException {
    MachineInventory.Inventory found = machine.found();
    Report.note("%s, %s, kernel %s", found.hostname(), found.operatingSystem(), found.kernel());
    Report.note(
        "%d processors, %s of memory, disks: %s",
        found.processors(),
        Report.size(found.memoryBytes()),
        String.join(
            ", ",
            found.disks().stream()
                .map(d -> d.name() + " " + Report.size(d.totalBytes()))
                .toList()));
    Report.note(
        "%d packages installed, %d TCP ports listening",
        found.packages().size(), found.listeningPorts().size());
    machine.gaps().forEach(gap -> Report.note("%s", gap));

    Answer asset = asset(machine);
    String path = "/v1/assets/" + asset.id();
    String object = "asset/" + asset.id();
    asset = accounts.tool.put("asset", path + "/inventory", found, asset.version());
    trail.expect(object, "asset.inventoried.v1");
    Report.did(
        accounts.tool,
        "reported its inventory; SHA-256 %.16s…",
        asset.body().path("inventoryDigest").asText());
    asset =
        accounts.assetManager.put(
            "asset",
            path + "/classification",
            Map.of("availability", 3, "integrity", 3, "confidentiality", 2, "proof", 2),
            asset.version());
    trail.expect(object, "asset.classified.v1");
    Report.did(
        accounts.assetManager,
        "classified it: availability 3, integrity 3, confidentiality 2, proof 2");
    String owner = person(accounts.assetManager, "asset manager");
    if (!asset.body().path("owner").asText().equals(owner)) {
      asset =
          accounts.assetManager.put(
              "asset", path + "/owner", Map.of("owner", owner), asset.version());
      trail.expect(object, "asset.owner-assigned.v1");
      Report.did(accounts.assetManager, "made %s its owner", accounts.assetManager.person());
    }
    if (asset.body().path("state").asText().equals("IN_STOCK")) {
      accounts.assetManager.post("asset", path + "/commissioning", null, asset.version());
      trail.expect(object, "asset.commissioned.v1");
      Report.did(accounts.assetManager, "put it in service");
    }
    return asset.id();
  }

  /**
   * This machine in the register: the one that is held, for a lost or retired one changes no more.
   */
  private Answer asset(MachineInventory machine) throws IOException {
    String serial = machine.serialNumber();
    for (int life = 2; ; life++) {
      List<JsonNode> known =
          accounts.assetManager.list(
              "asset", "/v1/assets?kind=" + machine.kind() + "&serialNumber=" + serial);
      if (known.isEmpty()) {
        Map<String, Object> registration =
            Map.of(
                "name",
                machine.found().hostname(),
                "kind",
                machine.kind(),
                "serialNumber",
                serial,
                "production",
                true);
        Answer asset = accounts.assetManager.post("asset", "/v1/assets", registration);
        trail.expect("asset/" + asset.id(), "asset.registered.v1");
        Report.did(accounts.assetManager, "registered it as asset %s", asset.id());
        return asset;
      }
      String state = known.get(0).path("state").asText();
      if (!state.equals("LOST") && !state.equals("RETIRED")) {
        String id = known.get(0).path("id").asText();
        Report.did(accounts.assetManager, "found it, registered before, as asset %s", id);
        return accounts.assetManager.get("asset", "/v1/assets/" + id);
      }
      serial = machine.serialNumber() + "-" + life;
    }
  }

  /** The id of the person who has this account; registered when nobody has it yet. */
  String person(Caller holder, String businessProfile) throws IOException {
    List<JsonNode> known =
        accounts.accessManager.list("access", "/v1/people?subject=" + holder.subject());
    if (!known.isEmpty()) {
      if (known.get(0).path("state").asText().equals("LEFT")) {
        throw new StackException(
            "The person of the account %s left, for good. Start afresh: ./vigie down --wipe, ./vigie demo"
                .formatted(holder.name()));
      }
      return known.get(0).path("id").asText();
    }
    JsonNode claims = holder.claims();
    Map<String, Object> profile =
        Map.of(
            "givenName", claims.path("given_name").asText(),
            "familyName", claims.path("family_name").asText(),
            "email", claims.path("email").asText(),
            "subject", holder.subject(),
            "businessProfile", businessProfile,
            "joinedOn", LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString());
    Answer person = accounts.accessManager.post("access", "/v1/people", profile);
    trail.expect("person/" + person.id(), "person.joined.v1");
    Report.did(
        accounts.accessManager,
        "registered %s, who has the account %s",
        holder.person(),
        holder.name());
    return person.id();
  }
}
