package io.vigie.console.register;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vigie.console.page.Roles;

import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;

/** All registers. */
@Singleton
public class Registers {

  /** The registers' names, as a path may have them. */
  static final String NAMES =
      "assets|suppliers|components|vulnerabilities|advisories|zones|flows|network-findings|people|rights"
          + "|entitlements|campaigns"
          + "|delegations|business-profiles|profile-assignments|service-accounts|duty-conflicts|duty-rules|drifts"
          + "|directory-changes"
          + "|clients|client-accesses|courses|visits|badges|keys|physical-zones|inspection-findings"
          + "|control-exceptions|re-evaluations|audit-plans|audit-findings"
          + "|reports|incidents|alerts|scan-findings|notification-clocks|backup-plans|backup-runs|restore-tests"
          + "|documents|disposals|postures|posture-exemptions|deployments|feeds|notices|site-closures"
          + "|incident-tasks|compromises|monitors|silences|rota|playbooks|playbook-runs|playbook-lessons"
          + "|coverage|backup-exceptions|backup-accesses|backup-deletions|backup-holds|restore-duties"
          + "|retention-decisions|critical-functions|continuity-plans|continuity-exercises"
          + "|continuity-lessons";

  private static final Pattern FIELD = Pattern.compile("\\{([A-Za-z.]+)}");
  private static final Pattern SUBJECT =
      Pattern.compile("([a-z-]+)/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /**
   * @param references which register a field's ids are of
   * @param accounts fields that have the account of somebody
   * @param timelines who reads what happened to which kind of object, besides those who read of any
   */
  private record Table(
      Map<String, String> references,
      List<String> accounts,
      Map<String, List<String>> timelines,
      List<Register> registers) {}

  private final Map<String, Register> byName = new LinkedHashMap<>();
  private final Table table;

  Registers(ObjectMapper json) {
    try (InputStream file =
        Thread.currentThread()
            .getContextClassLoader()
            .getResourceAsStream("register/registers.json")) {
      table = json.readValue(file, Table.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    table.registers().forEach(register -> byName.put(register.name(), register));
  }

  /** Who may read what happened to objects of a kind, as audit-service lets them. */
  List<String> readersOfTimeline(String kind) {
    List<String> readers = new ArrayList<>(List.of(Roles.CISO, Roles.AUDITOR));
    readers.addAll(table.timelines().getOrDefault(kind, List.of()));
    return readers;
  }

  List<Register> all() {
    return table.registers();
  }

  Register named(String name) {
    return byName.get(name);
  }

  /**
   * Of a field's ids; null where nobody has a page for them.
   *
   * @param of the register whose page it is on; null where that is none's
   */
  Register referredTo(Register of, String field) {
    return byName.get(meant(of, field));
  }

  /** As above. */
  boolean isAccount(Register of, String field) {
    return "account".equals(meant(of, field));
  }

  private String meant(Register of, String field) {
    String here = of == null ? null : of.means().get(field);
    return here != null
        ? here
        : table.accounts().contains(field) ? "account" : table.references().get(field);
  }

  /** Whether a field's account stands for somebody; {@code subject} is the account itself. */
  boolean namesAccount(Register of, String field) {
    return isAccount(of, field) && !field.equals("subject");
  }

  /**
   * Where something is that is named as {@code <kind>/<id>}.
   *
   * @return null where it has no page of its own, or one that needs more than its id
   */
  public String address(String subject) {
    Register of = of(subject);
    return of == null ? null : "/" + of.name() + subject.substring(subject.indexOf('/'));
  }

  /** As {@link #address}: the register whose page that is. */
  Register of(String subject) {
    Matcher named = SUBJECT.matcher(subject == null ? "" : subject);
    return !named.matches()
        ? null
        : all().stream()
            .filter(register -> named.group(1).equals(register.kind()))
            .filter(register -> !register.address().contains("?"))
            .findFirst()
            .orElse(null);
  }

  /**
   * Where a task is done.
   *
   * @param href what it leads to at the service; null where that says nothing
   * @param subject what it is about, as {@code <kind>/<id>}
   * @return the page of what it leads to, or what that is below of; else that of what it is about;
   *     else the list that it leads to; null where there is none of these
   */
  public String page(String service, String href, String subject) {
    List<Register> ofService =
        all().stream().filter(register -> register.service().equals(service)).toList();
    String object =
        ofService.stream()
            .filter(register -> register.item() != null || !register.isListed())
            .sorted(Comparator.comparing((Register register) -> here(register).length()).reversed())
            .map(register -> page(register, href))
            .filter(Objects::nonNull)
            .findFirst()
            .orElseGet(() -> address(subject));
    return object != null
        ? object
        : ofService.stream()
            .filter(register -> register.path().equals(href))
            .map(register -> "/" + register.name())
            .findFirst()
            .orElse(null);
  }

  /** Of one object at the service, as if each had its own. */
  private static String here(Register register) {
    return register.item() == null ? register.path() + "/{id}" : register.item();
  }

  private static String page(Register register, String href) {
    List<String> names = FIELD.matcher(here(register)).results().map(at -> at.group(1)).toList();
    Matcher found =
        Pattern.compile(FIELD.matcher(here(register)).replaceAll("([0-9a-f-]{36})") + "(?:/.*)?")
            .matcher(href == null ? "" : href);
    if (!found.matches()) {
      return null;
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < names.size(); i++) {
      object.put(names.get(i), found.group(i + 1));
    }
    return filled(register.address(), object);
  }

  /** The template with the object's fields in it; null where one of them is missing. */
  static String filled(String template, JsonNode object) {
    StringBuilder filled = new StringBuilder();
    Matcher fields = FIELD.matcher(template);
    while (fields.find()) {
      JsonNode value = at(object, fields.group(1));
      if (value.isMissingNode() || value.isNull()) {
        return null;
      }
      fields.appendReplacement(filled, Matcher.quoteReplacement(encode(value.asText(), UTF_8)));
    }
    return fields.appendTail(filled).toString();
  }

  /** A field of an object by its path, with dots; missing where it has none. */
  static JsonNode at(JsonNode object, String path) {
    JsonNode value = object;
    for (String name : path.split("\\.")) {
      value = value.path(name);
    }
    return value;
  }
}
