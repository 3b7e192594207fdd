package io.vigie.chaos;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a service keeps of an object because of what others say of it, told by a query of its
 * database, beside what the log says of those.
 *
 * @param query gives an object's id and what is known of it, once for each time that it is known
 * @param source what the log lets one expect, by object
 */
record ReadModel(
    String name, String service, String query, Function<LogCopy, Map<String, String>> source) {

  /** Accounts of people whom clients made. */
  private static final String OURS =
      "u.realm_id = (select id from realm where name = 'vigie') and u.email ~ '^[0-9a-f-]{36}@vigie\\.example$'";

  /** As events tell times, to the microsecond. */
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** Those that are held against the log; docs/reliability.md names what is known not to be. */
  static final List<ReadModel> ALL =
      Stream.concat(ofServices().stream(), Platform.SERVICES.stream().map(ReadModel::revocations))
          .toList();

  /** What one service keeps. */
  private static List<ReadModel> ofServices() {
    return List.of(
        new ReadModel(
            "the security events of lost assets",
            "incident",
            "select asset, 'reported' from security_event where cause_subject = 'asset/' || asset",
            events(Map.of("asset.lost.v1", "reported"))),
        new ReadModel(
            "what rules of the policy open when services tell of something, by rule and thing",
            "incident",
            "select id, case when is_open then 'open' else 'over' end from reaction",
            PolicyModels::reactions),
        new ReadModel(
            "the mail that access-service asks for, by key",
            "incident",
            """
            select dedupe_key, template from notice
            where template in ('right-ends', 'glass-broken', 'review-waiting', 'review-overdue')""",
            ReadModel::askedFor),
        new ReadModel(
            "who was on which side of what nobody may do both sides of",
            "access",
            "select concat_ws(' ', rule, matter, account, side), '' from duty_act",
            PolicyModels::duties),
        new ReadModel(
            "the hours within which clients are told of breaches",
            "incident",
            "select client, hours from client_delay",
            states("client", client -> client.path("notificationDelayHours").asText())),
        new ReadModel(
            "the assets that incidents can affect, by kind",
            "incident",
            "select id, kind from affectable where type = 'ASSET'",
            states("asset", asset -> asset.path("kind").asText())),
        new ReadModel(
            "the clients that incidents can affect",
            "incident",
            "select id, 'told' from affectable where type = 'CLIENT'",
            states("client", client -> "told")),
        new ReadModel(
            "the people whom incidents can affect",
            "incident",
            "select id, 'told' from affectable where type = 'PERSON'",
            states("person", person -> "told")),
        new ReadModel(
            "the documents that playbooks may be taken from",
            "incident",
            "select document, 'in force' from document_in_force",
            states(
                "document",
                document ->
                    document.path("state").asText().equals("IN_FORCE") ? "in force" : null)),
        new ReadModel(
            "the assets that get no backup plan any more",
            "backup",
            "select asset_id, asset_state from gone_asset",
            events(Map.of("asset.lost.v1", "LOST", "asset.retired.v1", "RETIRED"))),
        new ReadModel(
            "the assets whose backups are judged, by their state",
            "backup",
            "select id, asset_state from asset_coverage where asset_state is not null",
            states("asset", asset -> asset.path("state").asText())),
        new ReadModel(
            "the incidents in which backups may be touched",
            "backup",
            "select incident_id, case when open then 'open' else 'closed' end from known_incident",
            states(
                "incident",
                incident -> incident.path("state").asText().equals("CLOSED") ? "closed" : "open")),
        new ReadModel(
            "the compromises under which no copy is deleted",
            "backup",
            "select id, case when lifted_at is null then 'DECLARED' else 'LIFTED' end from backup_hold",
            states("compromise", compromise -> compromise.path("state").asText())),
        new ReadModel(
            "the clients whose contract ended, by the last day of their data",
            "backup",
            "select client, due_on from ended_client",
            states(
                "client",
                client ->
                    client.path("state").asText().equals("ENDED")
                        ? client.path("dueOn").asText()
                        : null)),
        new ReadModel(
            "the assets that nobody gets a right on any more",
            "access",
            "select asset_id, 'retired' from retired_asset",
            events(Map.of("asset.retired.v1", "retired"))),
        new ReadModel(
            "the passages of badges that should not be",
            "access",
            "select id, misuse from passage where misuse is not null",
            log -> told(log, "badge.misused.v1", passage -> passage.path("misuse").asText())),
        new ReadModel(
            "the business profiles that courses are for",
            "access",
            "select id, array_to_string(profiles, ', ') from course where not everyone",
            profiles("course")),
        new ReadModel(
            "the assets on which nobody has a right",
            "asset",
            "select asset_id, 'reported' from clearance where clearance = 'RIGHTS'",
            events(Map.of("asset-rights.ended.v1", "reported"))),
        new ReadModel(
            "the assets whose copies somebody decided about",
            "asset",
            "select asset_id, 'reported' from clearance where clearance = 'BACKUPS'",
            events(Map.of("asset-backups.settled.v1", "reported"))),
        new ReadModel(
            "the people who can own nothing any more",
            "asset",
            "select person_id, 'left' from departed_person",
            events(Map.of("person.left.v1", "left"))),
        new ReadModel(
            "the people of whom the register has heard",
            "asset",
            "select person_id, 'heard' from heard_person",
            events(Map.of("person.joined.v1", "heard"))),
        new ReadModel(
            "the clients that assets can serve",
            "asset",
            "select client_id, case when ended_at is null then 'ACTIVE' else 'ENDED' end from known_client",
            states("client", client -> client.path("state").asText())),
        new ReadModel(
            "the accounts under which people sign for what they get",
            "asset",
            "select person_id, subject from person_account",
            states("person", person -> person.path("subject").textValue())),
        new ReadModel(
            "the business profiles that people hold",
            "asset",
            "select assignment_id, 'held' from held_profile where is_current",
            states(
                "profile-assignment",
                assignment -> assignment.path("state").asText().equals("CURRENT") ? "held" : null)),
        new ReadModel(
            "the names of business profiles",
            "asset",
            "select profile_id, name from business_profile",
            states("business-profile", profile -> profile.path("name").asText())),
        new ReadModel(
            "the business profiles that documents are for",
            "asset",
            "select id, replace(profiles, chr(10), ', ') from document where not everyone",
            profiles("document")),
        new ReadModel(
            "the assets whose protection is judged",
            "asset",
            "select id, 'judged' from posture where in_service",
            states(
                "asset",
                asset -> asset.path("state").asText().equals("IN_SERVICE") ? "judged" : null)),
        new ReadModel(
            "the components that assets hold by their bills of materials",
            "asset",
            "select asset_id, count(*) from holding where source = 'BOM' group by asset_id",
            states("bom", bom -> bom.path("components").asText())),
        new ReadModel(
            "the open vulnerabilities of what is taken back or not held",
            "asset",
            """
              select v.id, 'open' from vulnerability v join advisory a on a.id = v.advisory_id
              where v.state in ('TO_ASSESS', 'UNDER_INVESTIGATION', 'AFFECTED')
                and (a.withdrawn_at is not null or not exists (select 1 from holding h
                  where h.asset_id = v.asset_id and h.component_id = v.component_id))""",
            log -> Map.of()),
        new ReadModel(
            "how often a flow that should not be was seen",
            "asset",
            "select from_zone, count from observed_flow",
            log ->
                log.subjects("network-finding").stream()
                    .map(log::fold)
                    .collect(
                        Collectors.toMap(
                            finding -> finding.path("fromZone").asText(),
                            finding -> "1",
                            (one, other) -> one))),
        new ReadModel(
            "the people who work here and have an account",
            "access",
            "select id, 'account' from person where state = 'ACTIVE' and subject is not null",
            states("person", person -> isActive(person) ? "account" : null)),
        new ReadModel(
            "the accounts in Keycloak, by subject",
            "keycloak",
            "select u.id, case when u.enabled then 'open' else 'closed' end from user_entity u where "
                + OURS,
            log ->
                people(log).stream()
                    .collect(
                        Collectors.toMap(
                            ReadModel::subject,
                            person -> isActive(person) ? "open" : "closed",
                            (one, other) -> one + ", " + other))),
        new ReadModel(
            "the roles of accounts in Keycloak, by subject",
            "keycloak",
            """
              select u.id, string_agg(r.name, ' ' order by r.name)
              from user_entity u
              join user_role_mapping g on g.user_id = u.id
              join keycloak_role r on r.id = g.role_id
              join role_attribute o on o.role_id = r.id and o.name = 'vigie.owned'
              where %s
              group by u.id"""
                .formatted(OURS),
            ReadModel::roles));
  }

  /** Whom a service refuses, by subject, and since when. */
  private static ReadModel revocations(String service) {
    return new ReadModel(
        "whose tokens of before " + service + "-service refuses, by subject",
        service,
        """
        select subject, to_char(not_before at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        from revocation""",
        ReadModel::revoked);
  }

  /** Who left or whose sessions ended, and programs that ended or are suspended. */
  private static Map<String, String> revoked(LogCopy log) {
    Map<String, Instant> revoked = new TreeMap<>();
    for (LogCopy.Entry entry : log.entries()) {
      JsonNode event = entry.payload();
      JsonNode subject =
          switch (entry.type()) {
            case "person.left.v1", "service-account.ended.v1" -> event.path("subject");
            case "account.changed.v1" ->
                event.path("sessionsEnded").asBoolean()
                    ? event.path("aggregateId")
                    : Api.JSON.missingNode();
            case "service-account.changed.v1" ->
                event.at("/changes/state").asText().equals("SUSPENDED")
                    ? event.path("subject")
                    : Api.JSON.missingNode();
            default -> Api.JSON.missingNode();
          };
      if (subject.isTextual()) {
        revoked.merge(
            subject.asText(),
            Instant.parse(event.path("at").asText()),
            (one, other) -> one.isAfter(other) ? one : other);
      }
    }
    Map<String, String> told = new TreeMap<>();
    revoked.forEach((subject, before) -> told.put(subject, MICROS.format(before)));
    return told;
  }

  private static boolean isActive(JsonNode person) {
    return person.path("state").asText().equals("ACTIVE");
  }

  private static String subject(JsonNode person) {
    return person.path("subject").asText();
  }

  /** Who has an account, or had one. */
  private static List<JsonNode> people(LogCopy log) {
    return log.subjects("person").stream()
        .map(log::fold)
        .<JsonNode>map(person -> person)
        .filter(person -> person.path("subject").isTextual())
        .toList();
  }

  /**
   * That of everybody, what their rights in effect give, and what was given by hand and not put
   * right.
   */
  private static Map<String, String> roles(LogCopy log) {
    Map<String, Set<String>> roles = new TreeMap<>();
    Map<String, String> accounts = new HashMap<>();
    for (String id : log.subjects("person")) {
      JsonNode person = log.fold(id);
      if (isActive(person) && person.path("subject").isTextual()) {
        roles.put(subject(person), new TreeSet<>(Set.of("staff")));
        accounts.put(id, subject(person));
      }
    }
    for (String id : log.subjects("right")) {
      JsonNode right = log.fold(id);
      JsonNode role =
          log.fold("entitlement/" + right.path("entitlementId").asText())
              .path("directory")
              .path("name");
      String account = accounts.get("person/" + right.path("person").asText());
      Set<String> had = account == null ? null : roles.get(account);
      if (right.path("state").asText().equals("APPROVED") && role.isTextual() && had != null) {
        had.add(role.asText());
      }
    }
    for (String id : log.subjects("drift")) {
      JsonNode drift = log.fold(id);
      Set<String> had = roles.get(drift.path("account").asText());
      if (drift.path("kind").asText().equals("UNAPPROVED_ROLE")
          && drift.path("state").asText().equals("OPEN")
          && had != null) {
        had.add(drift.path("what").asText());
      }
    }
    Map<String, String> told = new TreeMap<>();
    roles.forEach((account, names) -> told.put(account, String.join(" ", names)));
    return told;
  }

  /**
   * What follows from events, once however often the log has them, separated by commas.
   *
   * @param types of the events, each with what is then known of its object
   */
  static Function<LogCopy, Map<String, String>> events(Map<String, String> types) {
    return log -> {
      Map<String, String> known = new TreeMap<>();
      types.forEach(
          (type, value) ->
              told(log, type, payload -> value)
                  .forEach(
                      (id, each) -> known.merge(id, each, (one, other) -> one + ", " + other)));
      return known;
    };
  }

  /** The same of events of one type, each of which tells it itself. */
  private static Map<String, String> told(
      LogCopy log, String type, Function<JsonNode, String> known) {
    Map<String, String> told = new TreeMap<>();
    log.events().stream()
        .filter(event -> event.type().equals(type))
        .map(LogCopy.Entry::payload)
        .forEach(
            payload ->
                told.merge(
                    payload.path("aggregateId").asText(),
                    known.apply(payload),
                    (one, other) -> one + ", " + other));
    return told;
  }

  /** The template of each; of several requests with one key the first counts. */
  private static Map<String, String> askedFor(LogCopy log) {
    Map<String, String> askedFor = new TreeMap<>();
    log.ofType("notification.requested.v1").stream()
        .map(LogCopy.Entry::payload)
        .forEach(
            request ->
                askedFor.putIfAbsent(
                    request.path("dedupeKey").asText(), request.path("template").asText()));
    return askedFor;
  }

  /**
   * What follows from what became of the objects of a kind.
   *
   * @param known of one in this state; null for nothing
   */
  static Function<LogCopy, Map<String, String>> states(
      String kind, Function<JsonNode, String> known) {
    return log -> {
      Map<String, String> all = new TreeMap<>();
      for (String subject : log.subjects(kind)) {
        String value = known.apply(log.fold(subject));
        if (value != null) {
          all.put(id(subject), value);
        }
      }
      return all;
    };
  }

  /**
   * The business profiles that objects of a kind were for when they were made, by the names that
   * those have now; no client has an object be for others later, or ends one that names a profile
   * that there is. A name that no profile was made with stays as it is.
   */
  private static Function<LogCopy, Map<String, String>> profiles(String kind) {
    return log -> {
      Map<String, String> now = new HashMap<>();
      for (String profile : log.subjects("business-profile")) {
        now.put(made(log, profile).path("name").asText(), log.fold(profile).path("name").asText());
      }
      Map<String, String> all = new TreeMap<>();
      for (String subject : log.subjects(kind)) {
        List<String> names = new ArrayList<>();
        made(log, subject)
            .at("/audience/profiles")
            .forEach(name -> names.add(now.getOrDefault(name.asText(), name.asText())));
        if (!names.isEmpty()) {
          all.put(id(subject), String.join(", ", names));
        }
      }
      return all;
    };
  }

  /** What the first event of an object says of it; missing where it has none. */
  private static JsonNode made(LogCopy log, String subject) {
    return log.changes(subject).stream()
        .findFirst()
        .map(LogCopy.Entry::changes)
        .orElseGet(Api.JSON::missingNode);
  }

  private static String id(String subject) {
    return subject.substring(subject.indexOf('/') + 1);
  }
}
