package io.vigie.incident.alert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.inject.Inject;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.MimeMessage;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.vigie.incident.notice.AccessService;
import io.vigie.incident.notice.Notices;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.SmtpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a mailbox gets of names that somebody chose to do harm by mail, whatever the mail says. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SmtpServer.class)
@QuarkusTestResource(AccessService.class)
class HostileTextMailTest {

  private static final String BAD =
      "<img src=x onerror=\"alert(1)\"> &lt;b&gt; {console} \r\nBcc: eve@evil.example";
  private static final String INERT = Signal.term(BAD);
  private static final Path TEMPLATES =
      Path.of(System.getProperty("vigie.root"), "contracts", "notices");

  @Inject Notices notices;

  static List<String> templates() throws IOException {
    try (Stream<Path> files = Files.list(TEMPLATES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".schema.json"))
          .map(name -> name.replace(".json", ""))
          .sorted()
          .toList();
    }
  }

  /** What the template has room for, filled with what people wrote where that is possible. */
  private static Map<String, String> filled(String template) throws IOException {
    Map<String, String> parameters =
        new ObjectMapper()
            .convertValue(
                new ObjectMapper()
                    .readTree(TEMPLATES.resolve(template + ".json").toFile())
                    .path("parameters"),
                new TypeReference<HashMap<String, String>>() {});
    parameters.replaceAll(
        (name, parameter) ->
            switch (parameter) {
              case "ID" -> UUID.randomUUID().toString();
              case "TIME" -> "2026-08-09T22:05:00Z";
              case "TERM" -> INERT;
              case "TERMS" -> INERT + " " + INERT;
              default -> throw new IllegalStateException("say what is bad in a " + parameter);
            });
    return parameters;
  }

  @BeforeEach
  void mailIsTaken() {
    AccessService.away(false);
    SmtpServer.open();
  }

  @AfterEach
  void mailIsOver() {
    SmtpServer.close();
  }

  @ParameterizedTest
  @MethodSource("templates")
  void hostileTextIsRefusedAsItIsAndArrivesInert(String template) throws Throwable {
    Map<String, String> parameters = filled(template);
    for (String name : parameters.keySet()) {
      Map<String, String> bad = new HashMap<>(parameters);
      bad.put(name, BAD);
      assertThrows(RuntimeException.class, () -> send(template, bad, UUID.randomUUID()), name);
    }

    MimeMessage english = received(template, parameters, "en");
    MimeMessage french = received(template, parameters, "fr");

    assertNotEquals(english.getSubject(), french.getSubject());
    assertNotEquals(english.getContent(), french.getContent());
    for (MimeMessage mail : List.of(english, french)) {
      assertTrue(mail.isMimeType("text/plain"), mail.getContentType());
      assertEquals(1, mail.getAllRecipients().length);
      assertEquals(null, mail.getRecipients(RecipientType.BCC));
      String whole = mail.getSubject() + mail.getContent();
      for (String bad : List.of("<", ">", "&", "\"", "{", "onerror=", "eve@")) {
        assertFalse(whole.contains(bad), whole);
      }
      assertEquals(
          parameters.values().stream().anyMatch(value -> value.contains(INERT)),
          whole.contains(INERT),
          whole);
    }
  }

  private MimeMessage received(String template, Map<String, String> parameters, String language)
      throws Throwable {
    String address = UUID.randomUUID() + "@example.org";
    send(template, parameters, AccessService.person(address, language, "ACTIVE"));
    await().until(() -> to(address).count() == 1);
    return to(address).findFirst().orElseThrow();
  }

  private static Stream<MimeMessage> to(String address) {
    return SmtpServer.received().stream()
        .filter(mail -> mail.recipient().equals(address))
        .map(SmtpServer.Received::message);
  }

  private void send(String template, Map<String, String> parameters, UUID person) throws Throwable {
    Notices.Message message =
        new Notices.Message(
            Notices.Recipient.person(person),
            template,
            parameters,
            UUID.randomUUID().toString(),
            null,
            List.of());
    VertxContextSupport.subscribeAndAwait(
        () -> Panache.withTransaction(() -> notices.request(List.of(message), Instant.now())));
  }
}
