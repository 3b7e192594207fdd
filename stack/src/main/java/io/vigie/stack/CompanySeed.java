package io.vigie.stack;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the seeding of a {@link Company} shares: who calls, what there is to be, and the ids that
 * services gave.
 *
 * @param now when it began; what was observed before counts back from here
 * @param ids by the kind and our own key, such as {@code asset SOL-PAR-LT-001}
 */
record CompanySeed(
    Company company,
    List<Employee> people,
    List<CompanyAsset> assets,
    Instant now,
    Accounts accounts,
    Crew crew,
    Progress progress,
    Map<String, String> ids) {

  static CompanySeed of(Company company, Instant now, Accounts accounts, Crew crew) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    List<Employee> people = Employee.of(company, today);
    List<CompanyAsset> assets = CompanyAsset.of(company, people, today);
    long steps =
        company.suppliers().size()
            + company.entitlements().size()
            + people.size()
            + 2L * assets.size()
            + company.requests().stream().mapToLong(Company.Request::people).sum()
            + company.documents().size()
            + assets.stream()
                .mapToLong(asset -> CompanyRun.of(asset, company.seed(), now).size())
                .sum()
            + company.parts().stream()
                .mapToLong(part -> part.events().size() + part.alerts().size())
                .sum();
    return new CompanySeed(
        company,
        people,
        assets,
        now,
        accounts,
        crew,
        new Progress(System.out, System.console() != null, steps),
        new ConcurrentHashMap<>());
  }

  LocalDate today() {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  void keep(String kind, String key, String id) {
    ids.put(kind + " " + key, id);
  }

  /** Of a kind, the ids by our own key; a map that takes null for a key. */
  Map<String, String> all(String kind) {
    Map<String, String> some = new HashMap<>();
    ids.forEach(
        (key, id) -> {
          if (key.startsWith(kind + " ")) {
            some.put(key.substring(kind.length() + 1), id);
          }
        });
    return some;
  }

  /** The id; null for a null key. */
  String id(String kind, String key) {
    if (key == null) {
      return null;
    }
    String id = ids.get(kind + " " + key);
    if (id == null) {
      throw new StackException("The company's data names a " + kind + " that it lacks: " + key);
    }
    return id;
  }
}
