package io.vigie.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

import io.vigie.stack.Vigie;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Somebody asks what all services hold of them, and then to be forgotten by all of them. */
class DataSubjectRequestTest {

  @TempDir Path elsewhere;

  /** Runs a command; its exit code. */
  private interface CommandLine {
    int vigie(String... words) throws Exception;
  }

  @Test
  @OnOneMachine("runs a command of the stack")
  void oneCommandTellsWhatAllServicesHoldAndAnotherHasThemAllForgetIt() throws Exception {
    answer(words -> Vigie.run(site -> Platform.stack(), words));
  }

  @Test
  void soDoTheyFromElsewhereWithATokenOfTheCiso() throws Exception {
    try (Gateway gateway = new Gateway(elsewhere)) {
      answer(words -> gateway.vigie(Platform.token("ciso"), words).exit());
    }
  }

  private void answer(CommandLine line) throws Exception {
    // Given somebody who asked for something
    String account = "asks-" + UUID.randomUUID().toString().substring(0, 8);
    String person = Access.join(account, "staff");
    Access.ask(account, person, Access.entitlement("files", person), "to work");

    // When they ask what is held
    Path file = elsewhere.resolve("held.zip");
    assertEquals(0, line.vigie("person", "export", person, "--out", file.toString()));

    // Then it is all there, and no file is written over
    assertEquals(
        Set.of(
            "person.json",
            "asset.json",
            "access.json",
            "incident.json",
            "backup.json",
            "audit.json",
            "log.zip"),
        entries(file));
    assertTrue(content(file, "person.json").contains(account + "@agency.example"));
    assertTrue(content(file, "access.json").contains("to work"));
    assertEquals(1, line.vigie("person", "export", person, "--out", file.toString()));

    // When they are to be forgotten: not while they work here, then they are, as often as one asks
    String[] erase = {"person", "erase", person, "--reason", "asked", "--reference", "DPO-1"};
    assertEquals(1, line.vigie(erase));
    Platform.as("access-manager", "access")
        .header(
            "If-Match",
            Platform.as("access-manager", "access").get("/v1/people/" + person).header("ETag"))
        .body(Map.of())
        .post("/v1/people/" + person + "/departure")
        .then()
        .statusCode(200);
    assertEquals(0, line.vigie(erase));
    assertEquals(0, line.vigie(erase));

    // Then nothing names them any more
    Platform.as("access-manager", "access")
        .get("/v1/people/" + person)
        .then()
        .body("familyName", equalTo("—"));
    Path after = elsewhere.resolve("after.zip");
    assertEquals(0, line.vigie("person", "export", person, "--out", after.toString()));
    for (String part : entries(after)) {
      assertFalse(content(after, part).contains(account), part);
    }
  }

  private static Set<String> entries(Path file) throws IOException {
    try (ZipFile archive = new ZipFile(file.toFile())) {
      return archive.stream().map(Object::toString).collect(Collectors.toSet());
    }
  }

  private static String content(Path file, String name) throws IOException {
    try (ZipFile archive = new ZipFile(file.toFile())) {
      return new String(
          archive.getInputStream(archive.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
