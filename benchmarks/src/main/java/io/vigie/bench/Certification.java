package io.vigie.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Ten thousand people with ten rights each, given by profiles, and 500 rules of duties: everybody's
 * rights and duties worked out anew from nothing, and a campaign over all of them, of which a
 * hundred reviewers answer nine tenths: the rest is suspended when the grace is over. The other
 * side does the same by hand: one statement over the same tables for each part. Before and after
 * that, what one more profile costs, each time when the service is warm: among twelve to fifteen
 * thousand rights, since whoever is given one keeps it, and among a million.
 */
final class Certification implements Benchmark {

  private static final String SERVICE = "access";
  private static final int RIGHTS_EACH = 10;
  private static final int PROFILES = 50;
  private static final int RULES = 500;
  private static final int MANAGERS = 100;

  /** Requests a second, every other of which is for a page. */
  private static final int RATE = 50;

  /** Nothing else is at work, and nobody's account is made. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "VIGIE_DIRECTORY_KIND", "NONE",
          "VIGIE_ACCESS_REVIEW_LOOK_EVERY", "200ms",
          "VIGIE_ACCESS_RECOMPUTE_EVERY", "200ms",
          "VIGIE_ACCESS_DUTIES_EVERY", "200ms");

  private static final String CATALOGUE =
      """
      insert into person (id, version, event_number, published_state, given_name, family_name, email,
        subject, business_profile, joined_on, state, kind)
      select uuidv7(), 0, 1, '{}', 'Manager', n::text, 'manager' || n || '@bench.example',
        gen_random_uuid()::text, '-', current_date, 'ACTIVE', 'EMPLOYEE'
      from generate_series(1, %1$d) n;
      insert into entitlement (id, version, event_number, published_state, asset_id, name, type,
        owner_id, sensitivity, longest, state)
      select uuidv7(), 0, 1, '{}', gen_random_uuid(), 'entitlement ' || n, 'APPLICATION_ROLE',
        (select id from person order by id offset n %% %1$d limit 1), 'NORMAL', 'PT720H', 'ACTIVE'
      from generate_series(1, %2$d) n;
      insert into business_profile (id, version, event_number, published_state, name, entitlements, state)
      select uuidv7(), 0, 1, '{}', 'profile ' || n,
        array(select id from entitlement order by id offset (n - 1) * %3$d limit %3$d), 'ACTIVE'
      from generate_series(1, %4$d) n;"""
          .formatted(MANAGERS, PROFILES * RIGHTS_EACH, RIGHTS_EACH, PROFILES);

  /** Each keeps something of a profile apart from something of the next one; few rules meet. */
  private static final String RULES_OF_DUTIES =
      """
      insert into duty_rule (id, version, event_number, published_state, name, explanation, sides,
        side_count, scope, mode, state)
      select uuidv7(), 0, 1, '{}', 'rule ' || n, 'bench', jsonb_build_array(
          jsonb_build_object('name', 'a', 'entitlements', jsonb_build_array(e.ids[1 + n %% %1$d])),
          jsonb_build_object('name', 'b', 'entitlements',
            jsonb_build_array(e.ids[1 + (n + case when n %% 50 = 0 then 1 else 17 end) %% %1$d])))::text,
        2, 'ANYWHERE', 'RECORD', 'ACTIVE'
      from generate_series(0, %2$d - 1) n, (select array_agg(id order by id) as ids from entitlement) e"""
          .formatted(PROFILES * RIGHTS_EACH, RULES);

  private static final String PEOPLE =
      """
      with managers as (select array_agg(id order by id) as ids from person where given_name = 'Manager'),
        profiles as (select array_agg(id order by id) as ids from business_profile),
        people as (
          insert into person (id, version, event_number, published_state, given_name, family_name, email,
            business_profile, joined_on, state, kind, manager_id)
          select uuidv7(), 0, 1, '{}', 'Ada', n::text, n || '@bench.example', '-', current_date,
            'ACTIVE', 'EMPLOYEE', ids[1 + n %% %d]
          from generate_series(%d, %d) n, managers returning id, family_name)
      insert into profile_assignment (id, version, event_number, published_state, person_id, profile_id,
        valid_from, state, assigned_by, assigned_at)
      select uuidv7(), 0, 1, '{"state":"CURRENT"}', people.id, ids[1 + family_name::int %% %d], now(),
        'CURRENT', 'bench', now() from people, profiles""";

  private static final String GRANT =
      """
      insert into %s (id, version, event_number, published_state, person_id, asset_id, entitlement,
        entitlement_id, ground, profile_id, state, decided_by, decided_at)
      select uuidv7(), 0, 1, jsonb_build_object('person', person_id, 'asset', asset_id, 'entitlement',
        entitlement, 'entitlementId', entitlement_id, 'ground', 'PROFILE', 'profile', profile_id,
        'state', 'APPROVED', 'decidedBy', 'bench')::text,
        person_id, asset_id, entitlement, entitlement_id, 'PROFILE', profile_id, 'APPROVED', 'bench', now()
      from profile_right w
      where not exists (select from access_right r where r.person_id = w.person_id
        and r.entitlement_id = w.entitlement_id and r.profile_id = w.profile_id)""";

  private static final String TELL =
      """
      insert into hand_outbox (event_id, type, subject, message_key, event_number, payload, actor, occurred_at)
      select uuidv7(), 'right.granted.v1', 'right/' || id, id, 1, jsonb_build_object('aggregateId', id,
        'person', person_id, 'asset', asset_id, 'entitlement', entitlement, 'entitlementId',
        entitlement_id, 'ground', ground, 'profile', profile_id, 'at', decided_at, 'changes',
        published_state::jsonb)::text, 'bench', decided_at
      from hand_right order by id""";

  private static final String CONFLICTS =
      """
      insert into hand_conflict (id, version, event_number, published_state, kind, rule, person_id,
        entitlements, state, since, found_at)
      select uuidv7(), 0, 1, '{}', 'RIGHTS', s.rule_id, r.person_id, array_agg(distinct r.entitlement_id),
        'FOUND', now(), now()
      from hand_right r join duty_side s on s.entitlement_id = r.entitlement_id
      group by s.rule_id, r.person_id having count(distinct s.side) = 2""";

  private static final String ITEMS =
      """
      insert into hand_review (id, version, event_number, published_state, campaign_id, right_id,
        person_id, entitlement_id, stage, stages, reviewer_id, state)
      select uuidv7(), 0, 0, '{}', '%s', r.id, r.person_id, r.entitlement_id, 1, 1, m.id, 'PENDING'
      from access_right r join person p on p.id = r.person_id
      left join person m on m.id = p.manager_id and m.state = 'ACTIVE' and m.subject is not null
      where r.state = 'APPROVED'""";

  /** Each of the reviewers keeps nine of ten, and never comes to the tenth. */
  private static final String ANSWERS =
      """
      with answered as (
        update review set state = 'CERTIFIED', version = version + 1
        where id in (select id from (
          select id, row_number() over (partition by reviewer_id order by id) as n
          from review where campaign_id = '%1$s') each where n %% 10 <> 0)
        returning id, reviewer_id)
      insert into review_answer (id, review_id, stage, verdict, answered_by, answered_at)
      select uuidv7(), a.id, 1, 'CERTIFY', coalesce(p.subject, 'bench'), now()
      from answered a left join person p on p.id = a.reviewer_id""";

  private static final String NOBODY_ANSWERED =
      """
      select count(*) from review v join access_right r on r.id = v.right_id
      where v.campaign_id = '%s' and v.state = 'PENDING' and r.state = '%s'""";

  private static final String SUSPEND =
      """
      with suspended as (
        update hand_right r set state = 'SUSPENDED', suspended_at = now(), version = r.version + 1,
          event_number = r.event_number + 1,
          published_state = (r.published_state::jsonb || '{"state":"SUSPENDED"}')::text
        from review v
        where v.campaign_id = '%s' and v.state = 'PENDING' and r.person_id = v.person_id
          and r.entitlement_id = v.entitlement_id
        returning r.*)
      insert into hand_outbox (event_id, type, subject, message_key, event_number, payload, actor, occurred_at)
      select uuidv7(), 'right.suspended.v1', 'right/' || id, id, event_number, jsonb_build_object(
        'aggregateId', id, 'person', person_id, 'asset', asset_id, 'entitlement', entitlement,
        'entitlementId', entitlement_id, 'ground', ground, 'profile', profile_id, 'at', suspended_at,
        'changes', jsonb_build_object('state', state))::text, 'bench', suspended_at
      from suspended order by id""";

  /** As if no campaign had been: the next one asks about as much. */
  private static final String RESUME =
      """
      update %s set state = 'APPROVED', suspended_at = null,
        published_state = (published_state::jsonb || '{"state":"APPROVED"}')::text
      where state = 'SUSPENDED'""";

  /** Those that the suspension resolved. */
  private static final String CONFLICTS_AGAIN =
      "insert into duty_due (person_id) select distinct person_id from access_right";

  /** Nobody's rights or conflicts are to be worked out, and all of them are told. */
  private static final String SETTLED =
      """
      select (select count(*) from rights_due) + (select count(*) from duty_due)
        + (select count(*) from outbox) = 0""";

  @Override
  public String name() {
    return "certification";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.only();
    bed.tables(SERVICE);
    int people = bed.quick() ? 300 : 10_000;
    try (Connection database = bed.stack().superuser(SERVICE);
        Statement statement = database.createStatement()) {
      database.setNetworkTimeout(Runnable::run, (int) (Bed.PATIENCE_NANOS / 1_000_000));
      fill(statement, people / 10);
      bed.start(SERVICE, SETTINGS);
      Caller caller = new Caller(bed, SERVICE, "access-manager");
      // What runs for the first time is interpreted, which would flatter the other side.
      Samples amongFew = delta(statement, caller, bed);
      if (!bed.quick()) {
        amongFew = delta(statement, caller, bed);
      }
      List<Row> rows = new ArrayList<>();
      join(statement, people / 10 + 1, people);
      rows.add(recompute(statement, bed));
      rows.addAll(campaign(statement, caller, bed));
      if (!bed.quick()) {
        join(statement, people + 1, 10 * people);
        statement.execute(GRANT.formatted("access_right"));
        statement.execute("vacuum analyze access_right, person, profile_assignment");
        rows.add(
            new Row(
                name() + "-delta",
                delta(statement, caller, bed),
                "ms a profile given, 1 M grants",
                "12,000 to 15,000 grants",
                amongFew,
                Goal.ratioAtMost(1.3)));
      }
      rows.add(check(statement, caller, bed.quick() ? 20 : 100));
      return bed.quick()
          ? rows.stream().map(row -> row.notJudged("the goal is for the whole size")).toList()
          : rows;
    } finally {
      bed.stop(SERVICE);
    }
  }

  private static void fill(Statement statement, int people) throws SQLException {
    statement.execute(CATALOGUE);
    statement.execute(RULES_OF_DUTIES);
    join(statement, 1, people);
    statement.execute(GRANT.formatted("access_right"));
    for (String table : List.of("access_right", "outbox", "duty_conflict", "review")) {
      String byHand = "hand_" + table.replaceAll("^(access|duty)_", "");
      statement.execute("create table %s (like %s including all)".formatted(byHand, table));
      // What each row refers to is looked up for both.
      statement.execute(
          """
          do $$ declare reference text; begin
            for reference in select pg_get_constraintdef(oid) from pg_constraint
              where conrelid = '%s'::regclass and contype = 'f' loop
              execute 'alter table %s add ' || reference;
            end loop;
          end $$"""
              .formatted(table, byHand));
    }
    statement.execute("truncate directory_change, duty_due, rights_due");
    statement.execute("vacuum analyze");
  }

  private static void join(Statement statement, int from, int to) throws SQLException {
    statement.execute(PEOPLE.formatted(MANAGERS, from, to, PROFILES));
    statement.execute("truncate directory_change, rights_due");
    statement.execute("vacuum analyze person, profile_assignment");
  }

  /** Everybody has nothing, and gets what their profiles give; whoever is in conflict is found. */
  private Row recompute(Statement statement, Bed bed) throws SQLException {
    double[] vigie = new double[bed.rounds()];
    double[] byHand = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      statement.execute("truncate access_right, duty_conflict cascade");
      statement.execute("truncate hand_right, hand_outbox, hand_conflict");
      long start = System.nanoTime();
      for (String each : List.of(GRANT.formatted("hand_right"), TELL, CONFLICTS)) {
        statement.execute(each);
      }
      byHand[round] = (System.nanoTime() - start) / 1e9;
      start = System.nanoTime();
      statement.execute(
          "insert into rights_due select id, now() from person where state = 'ACTIVE'");
      Bed.await(
          statement,
          "select (select count(*) from rights_due) + (select count(*) from duty_due) = 0");
      vigie[round] = (System.nanoTime() - start) / 1e9;
      requireEqual(statement, "access_right", "hand_right");
      requireEqual(statement, "duty_conflict", "hand_conflict");
      Bed.await(statement, Bed.TOLD);
    }
    return new Row(
        name() + "-recompute",
        new Samples(vigie),
        "s",
        "rights, events and conflicts by one statement each",
        new Samples(byHand),
        Goal.ratioAtMost(2));
  }

  private List<Row> campaign(Statement statement, Caller caller, Bed bed) throws Exception {
    double[] opened = new double[bed.rounds()];
    double[] byHand = new double[bed.rounds()];
    double[] closed = new double[bed.rounds()];
    double[] closedByHand = new double[bed.rounds()];
    Sides lists = new Sides(bed.rounds());
    String manager = text(statement, "select id from person where given_name = 'Manager' limit 1");
    for (int round = 0; round < bed.rounds(); round++) {
      long start = System.nanoTime();
      String id =
          caller
              .post(
                  "/v1/campaigns",
                  Caller.JSON,
                  "{\"name\":\"round %d\",\"reviewers\":\"MANAGER\",\"everyMonths\":0}"
                      .formatted(round))
              .path("id")
              .asText();
      String state = "select state = '%s' from campaign where id = '%s'";
      Bed.await(statement, state.formatted("OPEN", id));
      opened[round] = (System.nanoTime() - start) / 1e9;
      start = System.nanoTime();
      statement.execute(ITEMS.formatted(id));
      byHand[round] = (System.nanoTime() - start) / 1e9;
      requireEqual(statement, "review where campaign_id = '" + id + "'", "hand_review");
      statement.execute("truncate hand_review");
      String items = "/v1/campaigns/" + id + "/items?state=PENDING&reviewer=" + manager;
      pages(caller, items, bed.quick() ? 60 : 300, lists, round);
      statement.execute(ANSWERS.formatted(id));
      statement.execute("vacuum analyze review, review_answer, access_right, hand_right");
      closed[round] = close(statement, caller, id);
      closedByHand[round] = closeByHand(statement, id);
      requireEqual(
          statement,
          "access_right where state = 'SUSPENDED'",
          "hand_right where state = 'SUSPENDED'");
      Bed.await(statement, SETTLED);
      for (String table : List.of("access_right", "hand_right")) {
        statement.execute(RESUME.formatted(table));
      }
      statement.execute(CONFLICTS_AGAIN);
      Bed.await(statement, SETTLED);
    }
    return List.of(
        new Row(
            name() + "-campaign",
            new Samples(opened),
            "s",
            "one INSERT … SELECT",
            new Samples(byHand),
            Goal.ratioAtMost(2)),
        lists.row(
            name() + "-list-p99",
            "ms at %d/s".formatted(RATE),
            "one campaign by id, p99",
            Goal.atMost(50, "ms")),
        new Row(
            name() + "-closing",
            new Samples(closed),
            "s",
            "suspending, telling and counting by one statement each",
            new Samples(closedByHand),
            Goal.atMost(30, "s")));
  }

  /** From the end of the grace until what nobody answered is suspended, and the campaign closed. */
  private static double close(Statement statement, Caller caller, String id) throws Exception {
    long start = System.nanoTime();
    statement.execute(
        "update campaign set due_at = now(), grace_until = now() where id = '%s'".formatted(id));
    Bed.await(statement, "select (%s) = 0".formatted(NOBODY_ANSWERED.formatted(id, "APPROVED")));
    caller.act("/v1/campaigns/" + id, "closure");
    double seconds = (System.nanoTime() - start) / 1e9;
    if (text(statement, NOBODY_ANSWERED.formatted(id, "SUSPENDED")).equals("0")) {
      throw new IllegalStateException("nothing was suspended");
    }
    return seconds;
  }

  private static double closeByHand(Statement statement, String id) throws SQLException {
    statement.execute("truncate hand_outbox");
    long start = System.nanoTime();
    statement.execute(SUSPEND.formatted(id));
    statement.execute(
        "select state, count(*) from review where campaign_id = '%s' group by 1".formatted(id));
    return (System.nanoTime() - start) / 1e9;
  }

  /** What rules of duties add to asking for a right; they are gone afterwards. */
  private Row check(Statement statement, Caller caller, int warmUp) throws Exception {
    double[] with = Samples.thirds(requests(statement, caller, warmUp), Samples::median);
    statement.execute("truncate duty_rule cascade");
    double[] without = Samples.thirds(requests(statement, caller, warmUp), Samples::median);
    Sides sides = new Sides(with.length);
    for (int third = 0; third < with.length; third++) {
      sides.set(third, with[third] - without[third], without[third]);
    }
    return sides.row(
        name() + "-check",
        "ms that 500 rules add to a request",
        "a request without rules",
        Goal.atMost(5, "ms"));
  }

  /**
   * How long it takes to ask for a right that rules are about, each time for somebody else: thrice
   * as often as it is asked before.
   */
  private static double[] requests(Statement statement, Caller caller, int warmUp)
      throws Exception {
    String entitlement = text(statement, "select id from entitlement order by id limit 1");
    List<String> people = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery(
            """
            select id from person p where given_name = 'Ada' and not exists (
              select from access_right r where r.person_id = p.id and r.entitlement_id = '%s')
            limit %d"""
                .formatted(entitlement, 4 * warmUp))) {
      while (row.next()) {
        people.add(row.getString(1));
      }
    }
    double[] times = new double[people.size() - warmUp];
    for (int i = -warmUp; i < times.length; i++) {
      String body =
          "{\"person\":\"%s\",\"entitlement\":\"%s\",\"reason\":\"for a while\"}"
              .formatted(people.get(i + warmUp), entitlement);
      long start = System.nanoTime();
      caller.post("/v1/rights", Caller.JSON, body);
      if (i >= 0) {
        times[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    return times;
  }

  /** A reviewer's list, fifty at a time, over and over. */
  private static void pages(Caller caller, String list, int count, Sides sides, int round)
      throws Exception {
    String campaign = list.substring(0, list.indexOf("/items"));
    double[] pages = new double[count];
    double[] idle = new double[pages.length];
    caller.pace(RATE);
    for (int i = -count / 3; i < pages.length; i++) {
      double nothing = caller.get(campaign);
      double page = caller.get(list + "&limit=50");
      if (i >= 0) {
        idle[i] = nothing;
        pages[i] = page;
      }
    }
    sides.set(round, new Samples(pages).percentile(0.99), new Samples(idle).percentile(0.99));
  }

  /** How long it takes to give somebody a profile, until their ten rights are there; medians. */
  private static Samples delta(Statement statement, Caller caller, Bed bed) throws Exception {
    String profile = text(statement, "select id from business_profile limit 1");
    double[] medians = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      double[] times = new double[bed.quick() ? 20 : 60];
      for (int i = -times.length / 3; i < times.length; i++) {
        String person =
            caller
                .post(
                    "/v1/people",
                    Caller.JSON,
                    "{\"givenName\":\"New\",\"familyName\":\"Comer\",\"email\":\"%s@bench.example\",\"kind\":\"EMPLOYEE\",\"businessProfile\":\"-\",\"joinedOn\":\"2026-01-05\"}"
                        .formatted(UUID.randomUUID()))
                .path("id")
                .asText();
        String body = "{\"person\":\"%s\",\"profile\":\"%s\"}".formatted(person, profile);
        long start = System.nanoTime();
        caller.post("/v1/profile-assignments", Caller.JSON, body);
        if (i >= 0) {
          times[i] = (System.nanoTime() - start) / 1e6;
        }
      }
      Arrays.sort(times);
      medians[round] = times[times.length / 2];
    }
    return new Samples(medians);
  }

  private static void requireEqual(Statement statement, String one, String other)
      throws SQLException {
    String counts = "select (select count(*) from %s) = (select count(*) from %s)";
    if (!text(statement, counts.formatted(one, other)).equals("t")) {
      throw new IllegalStateException("not as many in " + one + " as in " + other);
    }
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
