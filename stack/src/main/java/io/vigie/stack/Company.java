package io.vigie.stack;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a company consists of, made up from the first name to the last: {@code company.json}. Bodies
 * of requests stand in it as the services take them; a date {@code today-9} is nine days ago.
 *
 * @param domain of everybody's address
 * @param prefix what every asset tag begins with
 * @param seed from which everything that the data leaves open follows
 * @param servers the tag of the dedicated backup server of each datacentre
 * @param clauses what the contracts of suppliers have, by rule
 * @param postures what tools find on machines, by kind
 * @param common what is nobody's alone: datacentres, business applications, the management
 * @param sites one part each; any of them makes a company with {@code common}
 */
public record Company(
    String name,
    String domain,
    String prefix,
    long seed,
    Map<String, String> servers,
    List<String> givenNames,
    List<String> familyNames,
    List<Supplier> suppliers,
    List<String> clauses,
    List<Entitlement> entitlements,
    List<Request> requests,
    Campaign campaign,
    List<Document> documents,
    Map<String, Posture> postures,
    Part common,
    List<Part> sites) {

  /**
   * @param profile as asset-service takes it
   * @param assessment what an assessment came to; null where there was none
   */
  record Supplier(
      String key,
      Map<String, Object> profile,
      boolean contract,
      boolean approved,
      String assessment) {}

  /**
   * Something to have rights to.
   *
   * @param asset by its tag
   * @param profiles those that give it; others ask for it
   */
  record Entitlement(
      String asset, String name, String type, String sensitivity, List<String> profiles) {

    String key() {
      return asset + " " + name;
    }
  }

  /**
   * What some people of a profile ask for.
   *
   * @param entitlement its tag and name
   * @param decision {@code approval} or {@code refusal}; null where it waits
   */
  record Request(
      String entitlement, String profile, int people, int days, String reason, String decision) {}

  /**
   * A review under way.
   *
   * @param certifyEvery of so many items one is kept
   * @param revokeEvery of so many items one is taken away; the others wait
   */
  record Campaign(String name, int certifyEvery, int revokeEvery) {}

  record Document(
      String titleFr,
      String titleEn,
      String kind,
      List<String> rules,
      int reviewMonths,
      boolean everyone,
      List<String> profiles,
      boolean approved) {}

  /**
   * @param silentEvery of so many machines one was never looked at; 0 for none
   */
  record Posture(Map<String, Object> facts, List<Flaw> flaws, int silentEvery) {}

  /**
   * @param every of so many machines one is so
   */
  record Flaw(int every, Map<String, Object> facts) {}

  record Part(
      String code,
      String name,
      List<Premises> premises,
      List<Zone> zones,
      List<Team> teams,
      List<Family> families,
      List<Event> events,
      List<Signal> alerts) {}

  record Premises(String key, String code, String name, String use, String country, String city) {}

  /**
   * @param site the key of the premises
   */
  record Zone(String key, String name, String purpose, String site, List<String> ranges) {}

  /** Its first member leads it. */
  record Team(String profile, int people, int contractors) {}

  /**
   * Assets that are alike.
   *
   * @param label what the name of each begins with, before its number
   * @param names those that they have instead; null where they are numbered
   * @param levels availability, integrity, confidentiality, proof
   * @param why the reason for the levels
   * @param inStock how many of them are in no use yet
   * @param supplier a key; null for none
   * @param zone a key; null for none
   * @param attributes as tables have them; null for none
   * @param ports the declared ones; null where nobody declared any
   * @param backup null where there is none
   */
  record Family(
      String kind,
      String code,
      int count,
      String label,
      List<String> names,
      String site,
      List<Integer> levels,
      String why,
      String make,
      List<String> models,
      String supplier,
      String zone,
      boolean production,
      int inStock,
      Map<String, String> attributes,
      List<Integer> ports,
      Backup backup) {}

  /**
   * A copy of each asset of a family, each day.
   *
   * @param disk the site of the copy on disk
   * @param tape the site of a copy on tape beside it; null for none
   * @param days for how long there have been runs
   * @param gibibytes how large the first system is
   * @param failedEvery of so many runs one failed; 0 for none
   * @param missedEvery of so many runs one never came; 0 for none
   * @param silentSystems of how many, the last ones, no run came for four days
   * @param restores of how many, the first ones, a restore was tested
   * @param failedRestores how many of these tests, the last ones, failed
   */
  record Backup(
      String disk,
      String tape,
      int days,
      int gibibytes,
      int failedEvery,
      int missedEvery,
      int silentSystems,
      int restores,
      int failedRestores) {}

  /**
   * What somebody reports.
   *
   * @param asset by its tag; null for none
   * @param dismissed why it is nothing; null where it is
   * @param incident what it became; null while nobody decided
   */
  record Event(
      String title,
      String description,
      String category,
      int hoursAgo,
      int noticedHoursAgo,
      String asset,
      String dismissed,
      Incident incident) {}

  /**
   * @param until the last step that was taken
   * @param lessons what it taught; of a closed one they are done
   */
  record Incident(String impact, String urgency, String tlp, String until, List<String> lessons) {}

  /**
   * What monitoring says.
   *
   * @param acknowledged the note of who did; null where nobody did
   * @param resolved the note of who did; null while it fires
   */
  record Signal(
      String source,
      String rule,
      String severity,
      String summary,
      int hoursAgo,
      String asset,
      String acknowledged,
      String resolved) {}

  /** The company that comes with this program. */
  public static Company read() throws IOException {
    try (InputStream in = Company.class.getResourceAsStream("/company/company.json")) {
      return Http.JSON.readValue(in, Company.class);
    }
  }

  /**
   * As much of it as is at one site, with what is common.
   *
   * @param site its code
   */
  public Company only(String site) {
    return new Company(
        name,
        domain,
        prefix,
        seed,
        servers,
        givenNames,
        familyNames,
        suppliers,
        clauses,
        entitlements,
        requests,
        campaign,
        documents,
        postures,
        common,
        sites.stream().filter(part -> part.code().equals(site)).toList());
  }

  /** All parts, the common one first. */
  List<Part> parts() {
    return Stream.concat(Stream.of(common), sites.stream()).toList();
  }
}
