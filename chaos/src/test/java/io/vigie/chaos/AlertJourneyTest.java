package io.vigie.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** That the balance of mails has mails of alerts in it, whenever chaos is run. */
class AlertJourneyTest {

  private static final int WALKS = 10_000;

  private static JsonNode mail() throws IOException {
    Path root = Path.of(System.getProperty("vigie.root"));
    return new ObjectMapper()
        .readTree(root.resolve("contracts/policy/alerting.json").toFile())
        .path("mail");
  }

  @Test
  void theFirstAlertIsOfASeverityThatIsMailedInQuietHoursAndNoMoreAreThanABalanceCanHold()
      throws IOException {
    AlertJourney journey = new AlertJourney();
    Random random = new Random(7);
    List<String> quiet = new ArrayList<>();
    mail().at("/quiet/severities").forEach(severity -> quiet.add(severity.asText()));

    List<String> severities = Stream.generate(() -> journey.severity(random)).limit(WALKS).toList();

    assertFalse(quiet.contains(severities.get(0)));
    assertEquals(
        AlertJourney.MOST_CRITICAL,
        severities.stream().filter(severity -> !quiet.contains(severity)).count());
  }

  @Test
  void theMailboxThatAlertsAreMailedToIsThere() throws IOException {
    String mailbox = "-Dvigie.notices.mailboxes." + mail().path("role").asText() + "=";

    assertEquals(
        1, Platform.MAILBOXES.stream().filter(setting -> setting.startsWith(mailbox)).count());
  }
}
