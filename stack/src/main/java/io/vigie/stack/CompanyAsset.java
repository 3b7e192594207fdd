package io.vigie.stack;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One asset of a {@link Company}.
 *
 * @param index its place in its family, from 0
 * @param owner the number of who answers for it
 */
record CompanyAsset(
    Company.Family family,
    int index,
    String tag,
    String serial,
    String name,
    LocalDate purchasedOn,
    String owner) {

  static final String PREMISES = "PREMISES";

  private static final int LONGEST_OWNED = 1_400;
  private static final int WARRANTY_YEARS = 3;

  boolean inService() {
    return index < family.count() - family.inStock();
  }

  boolean isPremises() {
    return family.kind().equals(PREMISES);
  }

  boolean isTape() {
    return family.kind().equals("TAPE");
  }

  /** Whether it is in service at the site with this key. */
  boolean isUsedAt(String site) {
    return inService() && family.site().equals(site);
  }

  /** Everything, the premises first. */
  static List<CompanyAsset> of(Company company, List<Employee> people, LocalDate today) {
    List<CompanyAsset> premises = new ArrayList<>();
    List<CompanyAsset> others = new ArrayList<>();
    for (Company.Part part : company.parts()) {
      // By itself: what a site has does not depend on which others there are.
      Random random = new Random(company.seed() + part.code().hashCode());
      List<String> leads =
          people.stream()
              .filter(person -> person.part().equals(part.code()) && person.leads())
              .map(Employee::number)
              .toList();
      part.premises()
          .forEach(
              one ->
                  premises.add(
                      new CompanyAsset(
                          family(one),
                          0,
                          company.prefix() + "-" + one.code(),
                          null,
                          one.name(),
                          null,
                          leads.get(0))));
      for (Company.Family family : part.families()) {
        for (int i = 0; i < family.count(); i++) {
          others.add(
              new CompanyAsset(
                  family,
                  i,
                  "%s-%s-%s-%03d".formatted(company.prefix(), part.code(), family.code(), i + 1),
                  family.make() == null ? null : serial(random),
                  family.names() == null
                      ? "%s %s %d".formatted(family.label(), part.name(), i + 1)
                      : family.names().get(i),
                  today.minusDays(random.nextInt(LONGEST_OWNED)),
                  leads.get(i % leads.size())));
        }
      }
    }
    premises.addAll(others);
    return premises;
  }

  private static Company.Family family(Company.Premises one) {
    return new Company.Family(
        PREMISES,
        one.code(),
        1,
        one.name(),
        null,
        one.key(),
        List.of(3, 2, 2, 1),
        "People and machines are there.",
        null,
        null,
        null,
        null,
        false,
        0,
        Map.of("use", one.use(), "country", one.country(), "address", one.city()),
        null,
        null);
  }

  private static String serial(Random random) {
    return Long.toString(Math.abs(random.nextLong()), 36).toUpperCase(Locale.ROOT);
  }

  /**
   * A table as asset-service imports it.
   *
   * @param sites the id of the premises with a key, empty while there are none
   * @param suppliers the id of the supplier with a key
   */
  static String table(
      List<CompanyAsset> assets, Map<String, String> sites, Map<String, String> suppliers) {
    TreeSet<String> attributes = new TreeSet<>();
    assets.forEach(asset -> attributes.addAll(asset.attributes().keySet()));
    Stream<String> heading =
        Stream.concat(
            Stream.of(
                "assetTag",
                "name",
                "kind",
                "serialNumber",
                "make",
                "model",
                "site",
                "supplier",
                "purchasedOn",
                "warrantyUntil",
                "production"),
            attributes.stream().map("attributes."::concat));
    return Stream.concat(
            Stream.of(heading.collect(Collectors.joining(";"))),
            assets.stream().map(asset -> asset.row(sites, suppliers, attributes)))
        .collect(Collectors.joining("\r\n"));
  }

  private Map<String, String> attributes() {
    return family.attributes() == null ? Map.of() : family.attributes();
  }

  private String row(
      Map<String, String> sites, Map<String, String> suppliers, TreeSet<String> columns) {
    List<Object> cells =
        new ArrayList<>(
            Arrays.asList(
                tag,
                name,
                family.kind(),
                serial,
                family.make(),
                family.models() == null
                    ? null
                    : family.models().get(index % family.models().size()),
                isPremises() ? null : sites.get(family.site()),
                suppliers.get(family.supplier()),
                purchasedOn,
                purchasedOn == null || family.make() == null
                    ? null
                    : purchasedOn.plusYears(WARRANTY_YEARS),
                family.production()));
    columns.forEach(column -> cells.add(attributes().get(column)));
    return cells.stream().map(cell -> Objects.toString(cell, "")).collect(Collectors.joining(";"));
  }

  /** What a tool found on it; null where none looked. */
  Map<String, Object> facts(Map<String, Company.Posture> postures, LocalDate today) {
    Company.Posture posture = postures.get(family.kind());
    if (posture == null || hits(posture.silentEvery())) {
      return null;
    }
    Map<String, Object> facts = new TreeMap<>(posture.facts());
    if (family.ports() != null) {
      facts.put("openPorts", family.ports());
    }
    posture.flaws().stream()
        .filter(flaw -> hits(flaw.every()))
        .forEach(flaw -> facts.putAll(flaw.facts()));
    facts.replaceAll((name, value) -> dated(value, today));
    return facts;
  }

  /** Whether it is the one of so many. */
  private boolean hits(int every) {
    return every > 0 && index % every == every - 1;
  }

  private static Object dated(Object value, LocalDate today) {
    return value instanceof String text && text.startsWith("today-")
        ? today.minusDays(Integer.parseInt(text.substring("today-".length()))).toString()
        : value;
  }
}
