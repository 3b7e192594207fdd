package io.vigie.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.stack.Caller.Answer;

/** A {@link Company} in asset-service: suppliers, zones, assets, what tools found, documents. */
final class CompanyAssets {
  private final CompanySeed seed;
  private final Company company;
  private final Caller manager;
  private final Caller ciso;

  CompanyAssets(CompanySeed seed) {
    this.seed = seed;
    company = seed.company();
    manager = seed.accounts().assetManager;
    ciso = seed.accounts().ciso;
  }

  /** Registers suppliers, premises, zones and, from a table of each kind of these, the assets. */
  void register() throws IOException, InterruptedException {
    seed.crew()
        .together(company.suppliers().stream().<Crew.Work>map(one -> () -> supplier(one)).toList());
    importTable(CompanyAsset::isPremises);
    for (Company.Part part : company.parts()) {
      part.premises()
          .forEach(
              one ->
                  seed.keep(
                      "premises",
                      one.key(),
                      seed.id("asset", company.prefix() + "-" + one.code())));
    }
    for (Company.Part part : company.parts()) {
      for (Company.Zone zone : part.zones()) {
        zone(zone);
      }
    }
    importTable(asset -> !asset.isPremises());
  }

  private void supplier(Company.Supplier one) throws IOException {
    Answer supplier = manager.post("asset", "/v1/suppliers", one.profile());
    String path = "/v1/suppliers/" + supplier.id();
    seed.keep("supplier", one.key(), supplier.id());
    String version = supplier.version();
    if (one.contract()) {
      version =
          manager
              .post(
                  "asset",
                  path + "/contracts",
                  Map.of(
                      "reference",
                      "2026-" + one.key(),
                      "signedOn",
                      seed.today().minusDays(200).toString(),
                      "startsOn",
                      seed.today().minusDays(190).toString(),
                      "endsOn",
                      seed.today().plusDays(540).toString(),
                      "noticePeriod",
                      "P3M",
                      "documents",
                      List.of(),
                      "clauses",
                      company.clauses()),
                  version)
              .version();
    }
    if (one.assessment() != null) {
      version = assess(one, path, version);
    }
    if (one.approved()) {
      ciso.post("asset", path + "/approval", null, version);
    }
    seed.progress().step();
  }

  private String assess(Company.Supplier one, String path, String version) throws IOException {
    Answer planned =
        manager.post(
            "asset", path + "/assessments", Map.of("plannedFor", seed.today().toString()), version);
    String assessment = path + "/assessments/" + planned.id();
    boolean reserved = one.assessment().equals("WITH_RESERVATIONS");
    Answer done =
        manager.post(
            "asset",
            assessment + "/completion",
            Map.of(
                "doneAt",
                seed.now().toString(),
                "method",
                "QUESTIONNAIRE",
                "result",
                one.assessment(),
                "summary",
                "Answers and evidence were looked through.",
                "reservations",
                reserved
                    ? List.of(
                        Map.of(
                            "text",
                            "Name whom else it relies on",
                            "due",
                            seed.now().plusSeconds(60L * 24 * 3_600).toString()))
                    : List.of()),
            planned.version());
    return ciso.post("asset", assessment + "/acceptance", null, done.version()).version();
  }

  private void zone(Company.Zone zone) throws IOException {
    Answer declared =
        manager.post(
            "asset",
            "/v1/zones",
            Map.of(
                "name",
                zone.name(),
                "purpose",
                zone.purpose(),
                "site",
                seed.id("premises", zone.site()),
                "ranges",
                zone.ranges()));
    seed.keep("zone", zone.key(), declared.id());
  }

  private void importTable(Predicate<CompanyAsset> which) throws IOException {
    List<CompanyAsset> some = seed.assets().stream().filter(which).toList();
    Answer imported =
        manager.postTable(
            "asset",
            "/v1/assets/import",
            List.of(),
            CompanyAsset.table(some, seed.all("premises"), seed.all("supplier")));
    for (JsonNode row : imported.body().path("rows")) {
      seed.keep("asset", some.get(row.path("row").asInt() - 1).tag(), row.path("asset").asText());
      seed.progress().step();
    }
  }

  /** Classifies everything, gives it an owner and a zone, and puts it in service. */
  void settle() throws IOException, InterruptedException {
    seed.crew()
        .together(seed.assets().stream().<Crew.Work>map(asset -> () -> settle(asset)).toList());
  }

  private void settle(CompanyAsset asset) throws IOException {
    String path = "/v1/assets/" + seed.id("asset", asset.tag());
    Company.Family family = asset.family();
    if (asset.inService()) {
      List<Integer> levels = family.levels();
      String version =
          put(
              path + "/classification",
              Map.of(
                  "availability", levels.get(0),
                  "integrity", levels.get(1),
                  "confidentiality", levels.get(2),
                  "proof", levels.get(3),
                  "rationale", family.why()),
              "\"0\"");
      version = put(path + "/owner", Map.of("owner", seed.id("person", asset.owner())), version);
      if (family.zone() != null) {
        version = put(path + "/zone", Map.of("zone", seed.id("zone", family.zone())), version);
      }
      manager.post("asset", path + "/commissioning", null, version);
      tell(asset, path);
    }
    seed.progress().step();
  }

  private String put(String path, Object body, String version) throws IOException {
    return manager.put("asset", path, body, version).version();
  }

  /** What was declared of its ports, and what a tool found on it an hour ago. */
  private void tell(CompanyAsset asset, String path) throws IOException {
    if (asset.family().ports() != null) {
      // The service itself judges what was put in service a moment ago.
      manager.putAnyVersion(
          "asset",
          path + "/declared-ports",
          Map.of("ports", asset.family().ports()),
          path + "/posture");
    }
    Map<String, Object> facts = asset.facts(company.postures(), seed.today());
    if (facts != null) {
      seed.accounts()
          .tool
          .put(
              "asset",
              path + "/posture",
              Map.of("observedAt", seed.now().minusSeconds(3_600).toString(), "facts", facts),
              null);
    }
  }

  /** Writes the documents; some people who have demo accounts acknowledge those for everybody. */
  void document(String owner) throws IOException, InterruptedException {
    seed.crew()
        .together(
            company.documents().stream()
                .<Crew.Work>map(one -> () -> document(one, owner))
                .toList());
  }

  private void document(Company.Document one, String owner) throws IOException {
    Answer document =
        manager.post(
            "asset",
            "/v1/documents",
            Map.of(
                "titleFr",
                one.titleFr(),
                "titleEn",
                one.titleEn(),
                "kind",
                one.kind(),
                "owner",
                owner,
                "rules",
                one.rules(),
                "audience",
                Map.of("everyone", one.everyone(), "profiles", one.profiles()),
                "reviewMonths",
                one.reviewMonths()));
    String path = "/v1/documents/" + document.id();
    Answer version =
        manager.post(
            "asset",
            path + "/versions",
            Map.of(
                "format",
                "MARKDOWN",
                "content",
                text(one),
                "minor",
                false,
                "note",
                "First version"),
            document.version());
    if (one.approved()) {
      ciso.post("asset", path + "/versions/" + version.id() + "/approval", null, version.version());
      if (one.everyone()) {
        for (Caller reader : readers()) {
          reader.post("asset", path + "/acknowledgements", null);
        }
      }
    }
    seed.progress().step();
  }

  private List<Caller> readers() {
    return List.of(seed.accounts().staff, seed.accounts().responder, seed.accounts().sysadmin);
  }

  private byte[] text(Company.Document one) {
    return "# %s%n%n%s%n%nRules: %s%n"
        .formatted(one.titleFr(), company.name(), String.join(", ", one.rules()))
        .getBytes(StandardCharsets.UTF_8);
  }
}
