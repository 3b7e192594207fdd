package io.vigie.verifier;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The witness as its operator runs it: a process that is killed without warning. */
class WitnessCommandTest {

  private static final SampleKey LOG = SampleKey.ofLog("vigie.example/log");

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private Process process;

  @AfterEach
  void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  private URI start() throws Exception {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes.toString(),
                Main.class.getName(),
                "witness",
                "--key",
                folder.resolve("key").toString(),
                "--log",
                LOG.vkey(),
                "--state",
                folder.resolve("state").toString(),
                "--listen",
                "127.0.0.1:0")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    assertTrue(output.readLine().startsWith("witness key: witness.example/w1+"));
    String listening = output.readLine();
    assertTrue(listening.matches("listening: http://127\\.0\\.0\\.1:\\d+/add-checkpoint"));
    return URI.create(listening.substring("listening: ".length()));
  }

  private HttpResponse<String> post(URI witness, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(witness).POST(HttpRequest.BodyPublishers.ofString(body)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static String first(byte[] leaf) {
    return "old 0\n\n" + new String(LOG.checkpoint(1, leaf), StandardCharsets.UTF_8);
  }

  @Test
  void aWitnessThatIsKilledRemembersWhatItCosigned() throws Exception {
    CommandRun made =
        CommandRun.of("witness", "--init", "witness.example/w1", "--key", folder + "/key");
    assertEquals(Main.VERIFIED, made.exit(), made::toString);
    byte[] honest = Rfc6962.leaf("honest".getBytes(StandardCharsets.UTF_8));
    byte[] forged = Rfc6962.leaf("forged".getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> cosigned = post(start(), first(honest));
    kill();
    assertEquals(200, cosigned.statusCode());
    SignedNote note =
        SignedNote.parse(
            (new String(LOG.checkpoint(1, honest), StandardCharsets.UTF_8) + cosigned.body())
                .getBytes(StandardCharsets.UTF_8));
    VerifierKey published = VerifierKey.parse(made.out().strip());
    assertEquals(1, note.signers(List.of(published)).size());

    HttpResponse<String> fork = post(start(), first(forged));
    assertEquals(409, fork.statusCode());
    assertEquals("1\n", fork.body());
  }

  @Test
  void withoutAKeyOfItsOwnOrALogToWatchThereIsNoWitness() throws Exception {
    String key = folder + "/key";
    String state = folder + "/state";
    String[][] unusable = {
      {"witness"},
      {"witness", "--key", key, "--log", LOG.vkey(), "--state", state},
      {"witness", "--init", "two words", "--key", key},
      {"witness", "serve", "--key", key},
    };
    for (String[] arguments : unusable) {
      assertEquals(Main.UNUSABLE, CommandRun.of(arguments).exit(), () -> List.of(arguments) + "");
    }
    assertEquals(
        Main.VERIFIED, CommandRun.of("witness", "--init", "w.example", "--key", key).exit());
    String[][] stillUnusable = {
      {"witness", "--init", "w.example", "--key", key},
      {"witness", "--key", key, "--state", state},
      {"witness", "--key", key, "--log", LOG.vkey()},
      {"witness", "--key", key, "--log", LOG.vkey(), "--state", state, "--listen", "8080"},
      {"witness", "--key", key, "--log", LOG.vkey(), "--state", state, "--listen", "h:99999"},
    };
    for (String[] arguments : stillUnusable) {
      assertEquals(Main.UNUSABLE, CommandRun.of(arguments).exit(), () -> List.of(arguments) + "");
    }
    assertTrue(Files.exists(folder.resolve("key")));
  }
}
