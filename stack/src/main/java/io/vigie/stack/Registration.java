package io.vigie.stack;

import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.stack.Caller.Answer;

/** Puts this machine, and the people whose accounts take part, into the registers, once each. */
final class Registration {
  private static final Set<String> HELD =
      Set.of("DISCOVERED", "ORDERED", "IN_STOCK", "IN_SERVICE", "IN_REPAIR");

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

    Answer asset = reported(machine);
    String path = "/v1/assets/" + asset.id();
    String object = "asset/" + asset.id();
    if (asset.body().path("state").asText().equals("DISCOVERED")) {
      asset = accounts.assetManager.post("asset", path + "/adoption", null, asset.version());
      trail.expect(object, "asset.adopted.v1");
      Report.did(accounts.assetManager, "adopted it");
    }
    asset =
        accounts.assetManager.put(
            "asset",
            path + "/classification",
            Map.of(
                "availability",
                3,
                "integrity",
                3,
                "confidentiality",
                2,
                "proof",
                2,
                "rationale",
                "The platform runs on it."),
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

  /** This machine in the register, which a tool finds and reports as agents do. */
  private Answer reported(MachineInventory machine) throws IOException {
    String serial = serial(machine);
    JsonNode outcome =
        accounts.tool.post("asset", "/v1/inventories", MachineReports.glpi(machine, serial)).body();
    String id = outcome.path("asset").asText();
    String result = outcome.path("result").asText();
    if (result.equals("DISCOVERED")) {
      trail.expect("asset/" + id, "asset.discovered.v1", "asset.inventoried.v1");
      Report.did(accounts.tool, "reported a machine that the register did not have: asset %s", id);
    } else {
      Report.did(
          accounts.tool,
          "reported what is asset %s: %s since the last report, %d programs came or changed",
          id,
          result.toLowerCase(Locale.ROOT),
          outcome.at("/software/added").asInt() + outcome.at("/software/updated").asInt());
    }
    accounts.tool.postLines("asset", "/v1/inventories", MachineReports.osquery(machine, serial));
    Answer asset = accounts.assetManager.get("asset", "/v1/assets/" + id);
    Report.note("SHA-256 of its inventory: %.16s…", asset.body().path("inventoryDigest").asText());
    return asset;
  }

  /** Of the one that is held: what is lost or out of use is another life of the same machine. */
  private String serial(MachineInventory machine) throws IOException {
    String serial = machine.serialNumber();
    for (int life = 2; ; life++) {
      List<JsonNode> known =
          accounts.assetManager.list("asset", "/v1/assets?serialNumber=" + serial);
      if (known.stream().allMatch(asset -> HELD.contains(asset.path("state").asText()))) {
        return serial;
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
