package io.vigie.incident.alert;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AlertFormTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AlertPolicy POLICY = AlertPolicy.read();
  private static final Map<String, AlertForm> FORMS = AlertForm.all();

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static List<Signal> read(String form, String text) {
    return FORMS.get(form).signals(form, json(text), POLICY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alerting", "alert-forms"})
  void thePolicyKeepsItsSchema(String name) throws IOException {
    Path policy = Path.of(System.getProperty("vigie.root"), "contracts", "policy");
    assertEquals(
        "[]",
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(JSON.readTree(policy.resolve(name + ".schema.json").toFile()))
            .validate(JSON.readTree(policy.resolve(name + ".json").toFile()))
            .toString());
  }

  @Test
  void whatUptimeKumaSaysIsFoundWhereTheFormSays() {
    String told =
        """
        {'heartbeat': {'monitorID': 7, 'status': %d, 'time': '2026-03-02 08:40:00.123', 'msg': 'x'},
         'monitor': {'id': 7, 'name': 'Web of Paris', 'url': 'https://www.agency.example', 'tags': []},
         'msg': '[Web of Paris] down'}""";

    Signal down = read("uptime-kuma", told.formatted(0)).get(0);
    Signal up = read("uptime-kuma", told.formatted(1)).get(0);

    assertEquals("uptime-kuma", down.source());
    assertEquals("Web-of-Paris", down.rule());
    assertEquals("[Web of Paris] down", down.summary());
    assertEquals("7", down.labels().get("monitor"));
    assertTrue(down.isFiring());
    assertNull(down.startsAt(), "a time without an offset is none");
    assertFalse(up.isFiring());
    assertEquals(down.fingerprint(), up.fingerprint());
    assertEquals(List.of(), read("uptime-kuma", told.formatted(2)));
  }

  @Test
  void whatCloudWatchSaysIsFoundWithItsTime() {
    Signal alarm =
        read(
                "cloudwatch",
                """
                {'source': 'aws.cloudwatch', 'account': '123456789012', 'region': 'eu-west-3',
                 'detail': {'alarmName': 'ServerCpuTooHigh', 'state': {'value': 'ALARM',
                   'reason': 'Threshold crossed', 'timestamp': '2026-03-02T08:40:00.985+0000'}}}""")
            .get(0);

    assertEquals("ServerCpuTooHigh", alarm.rule());
    assertEquals(Instant.parse("2026-03-02T08:40:00.985Z"), alarm.startsAt());
    assertEquals(Severity.WARNING, alarm.severity());
    assertEquals("eu-west-3", alarm.labels().get("region"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{'heartbeat': {'status': 0}}",
        "{'heartbeat': {'status': 9}, 'monitor': {'name': 'web'}}",
        "{'heartbeat': {'status': {'a': 1}}, 'monitor': {'name': 'web'}}",
        "{'heartbeat': {'status': 0}, 'monitor': {'name': ' '}}"
      })
  void whatSaysNeitherWhatNorWhetherIsRefused(String told) {
    Problem problem = assertThrows(Problem.class, () -> read("uptime-kuma", told));

    assertEquals(400, problem.status());
    assertTrue(problem.errors().get(0).field().startsWith("/"), problem.errors().toString());
  }

  @Test
  void aFormMayHoldManyAlertsEachWithASeverityOfItsOwn() {
    AlertForm form =
        new AlertForm(
            "/events",
            "/check/name",
            "/check/up",
            List.of("false"),
            List.of("true"),
            null,
            "/level",
            Map.of("host", "/host", "gone", "/nowhere"),
            null,
            "/text",
            null);

    List<Signal> signals =
        form.signals(
            "poller",
            json(
                """
                {'events': [
                  {'check': {'name': 'ping', 'up': false}, 'level': 'critical', 'host': 'a', 'text': 't'},
                  {'check': {'name': 'ping', 'up': true}, 'level': 'info', 'host': 'b'}]}"""),
            POLICY);

    assertEquals(
        List.of(Severity.CRITICAL, Severity.INFO), signals.stream().map(Signal::severity).toList());
    assertEquals(List.of(true, false), signals.stream().map(Signal::isFiring).toList());
    assertEquals(
        Map.of("alertname", "ping", "severity", "critical", "host", "a"), signals.get(0).labels());
    assertThrows(Problem.class, () -> form.signals("poller", json("{'events': {}}"), POLICY));
  }
}
