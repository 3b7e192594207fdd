package io.vigie.stack;

import java.text.Normalizer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Somebody who works for a {@link Company}, as its HR software knows them.
 *
 * @param number the employee number
 * @param site the key of the premises they work at; null for who works anywhere
 * @param lead the number of who leads them; null for who leads all
 * @param endsOn the end of a contractor's contract; null for employees
 * @param lastDay null unless they leave
 */
record Employee(
    String number,
    String part,
    String givenName,
    String familyName,
    String email,
    String profile,
    String site,
    String lead,
    LocalDate joinedOn,
    LocalDate endsOn,
    LocalDate lastDay) {

  /** Of so many people one leaves soon. */
  private static final int LEAVES_EVERY = 60;

  private static final int LONGEST_HERE = 4_000;

  /** The headings of the HR software, and the columns of access-service that they are. */
  static final List<String> COLUMNS =
      List.of(
          "Matricule:employeeNumber",
          "Prénom:givenName",
          "Nom:familyName",
          "Courriel:email",
          "Emploi:businessProfile",
          "Statut:kind",
          "Responsable:manager",
          "Référent:host",
          "Établissement:site",
          "Entrée:joinedOn",
          "Fin de contrat:endsOn",
          "Sortie:lastDay");

  boolean leads() {
    return number.endsWith("01");
  }

  /** Everybody, in the order of their numbers; the first one leads all. */
  static List<Employee> of(Company company, LocalDate today) {
    Random random = new Random(company.seed());
    List<String[]> names = new ArrayList<>();
    for (String given : company.givenNames()) {
      company.familyNames().forEach(family -> names.add(new String[] {given, family}));
    }
    Collections.shuffle(names, random);
    List<Employee> people = new ArrayList<>();
    for (Company.Part part : company.parts()) {
      for (int team = 0; team < part.teams().size(); team++) {
        hire(company, part, team, today, random, names, people);
      }
    }
    return people;
  }

  private static void hire(
      Company company,
      Company.Part part,
      int team,
      LocalDate today,
      Random random,
      List<String[]> names,
      List<Employee> people) {
    Company.Team one = part.teams().get(team);
    String lead = number(part, team, 1);
    String first = people.isEmpty() ? null : people.get(0).number();
    for (int i = 1; i <= one.people(); i++) {
      String[] name = names.get(people.size());
      boolean contractor = i > one.people() - one.contractors();
      boolean leaves = i > 1 && people.size() % LEAVES_EVERY == LEAVES_EVERY - 1;
      people.add(
          new Employee(
              number(part, team, i),
              part.code(),
              name[0],
              name[1],
              ascii(name[0]) + "." + ascii(name[1]) + "@" + company.domain(),
              one.profile(),
              office(part),
              i == 1 ? first : lead,
              today.minusDays(20 + random.nextInt(LONGEST_HERE)),
              contractor ? today.plusDays(10 + random.nextInt(300)) : null,
              leaves && !contractor ? today.plusDays(4 + random.nextInt(20)) : null));
    }
  }

  private static String office(Company.Part part) {
    return part.premises().stream()
        .filter(premises -> premises.use().equals("OFFICE"))
        .map(Company.Premises::key)
        .findFirst()
        .orElse(null);
  }

  private static String number(Company.Part part, int team, int member) {
    return "%s-%d%02d".formatted(part.code(), team + 1, member);
  }

  private static String ascii(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFD)
        .replaceAll("[^A-Za-z]", "")
        .toLowerCase(Locale.ROOT);
  }

  /**
   * The table that HR software sends.
   *
   * @param sites the id of the premises with a key
   */
  static String table(List<Employee> people, Map<String, String> sites) {
    String heading =
        COLUMNS.stream()
            .map(column -> column.substring(0, column.indexOf(':')))
            .collect(Collectors.joining(";"));
    return heading
        + "\r\n"
        + people.stream()
            .map(person -> person.row(sites.get(person.site())))
            .collect(Collectors.joining("\r\n"));
  }

  private String row(String siteId) {
    boolean contractor = endsOn != null;
    return Arrays.asList(
            number,
            givenName,
            familyName,
            email,
            profile,
            contractor ? "CONTRACTOR" : "EMPLOYEE",
            lead,
            contractor ? lead : null,
            siteId,
            joinedOn,
            endsOn,
            lastDay)
        .stream()
        .map(cell -> Objects.toString(cell, ""))
        .collect(Collectors.joining(";"));
  }
}
