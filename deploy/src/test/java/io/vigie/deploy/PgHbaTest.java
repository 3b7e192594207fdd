package io.vigie.deploy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Who may connect to a database server: an operator's, as they are told, and a container's. */
class PgHbaTest {

  /** A line of the file; one of the type {@code local} has no address. */
  private record Line(String type, String database, String user, String address, String method) {

    static Line of(String text) {
      String[] words = text.trim().split("\\s+");
      boolean isLocal = words[0].equals("local");
      assertEquals(isLocal ? 4 : 5, words.length, text); // no options, no lists
      return new Line(
          words[0], words[1], words[2], isLocal ? "" : words[3], words[words.length - 1]);
    }
  }

  private static final List<Line> LINES = lines("postgres/pg_hba.conf");

  private static final Line OTHERS = new Line("host", "all", "all", "all", "reject");

  private static List<Line> lines(String file) {
    return Manifests.text(Containers.DEPLOY.resolve(file))
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(Line::of)
        .toList();
  }

  private static List<Line> ofRoles() {
    return LINES.stream()
        .filter(line -> !line.type().equals("local") && !line.equals(OTHERS))
        .toList();
  }

  @Test
  void eachRoleReachesItsOwnDatabaseAlone() {
    Map<String, Set<String>> expected = new TreeMap<>();
    for (String service : Settings.services()) {
      expected.put(service, Set.of(service));
      expected.put(service + "_owner", Set.of(service));
    }
    for (String other : List.of(Settings.CONSOLE, "keycloak")) {
      expected.put(other, Set.of(other));
    }

    assertEquals(
        expected,
        ofRoles().stream()
            .collect(
                Collectors.groupingBy(
                    Line::user,
                    TreeMap::new,
                    Collectors.mapping(Line::database, Collectors.toSet()))));
  }

  @Test
  void theyComeOverTlsAndProveThatTheyKnowThePasswordWithoutSendingIt() {
    assertEquals(
        Set.of("hostssl scram-sha-256"),
        ofRoles().stream()
            .map(line -> line.type() + " " + line.method())
            .collect(Collectors.toSet()));
  }

  @Test
  void nobodyElseComesFromElsewhereAndTheSuperuserFromTheMachineItselfAlone() {
    assertEquals(OTHERS, LINES.get(LINES.size() - 1));
    assertEquals(
        List.of(new Line("local", "all", "postgres", "", "peer")),
        LINES.stream().filter(line -> line.type().equals("local")).toList());
  }

  /** Their networks have one service each, which is the only one to come. */
  @Test
  void whoComesToADatabaseInAContainerComesOverTlsAndProvesItToo() {
    assertEquals(
        List.of(
            new Line("local", "all", "all", "", "scram-sha-256"),
            new Line("hostssl", "all", "all", "all", "scram-sha-256"),
            new Line("hostnossl", "all", "all", "all", "reject")),
        lines("postgres/compose/pg_hba.conf"));
  }
}
