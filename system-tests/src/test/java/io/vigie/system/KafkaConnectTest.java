package io.vigie.system;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.connect.cli.ConnectStandalone;
import org.apache.kafka.connect.file.FileStreamSinkConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The Kafka Connect configurations of docs/siem.md, in a worker of the test's own. */
@OnOneMachine("reads from the broker")
class KafkaConnectTest {

  @TempDir Path folder;

  /** The first block under a heading of the guide, with what stands for it on this machine. */
  private Path block(String heading, Map<String, Object> here) throws IOException {
    String guide = Files.readString(Path.of(System.getProperty("vigie.root"), "docs", "siem.md"));
    int section = guide.indexOf("\n### " + heading + ":");
    int begin = guide.indexOf("\n```\n", section) + 5;
    String block = guide.substring(begin, guide.indexOf("```", begin));
    for (Map.Entry<String, Object> each : here.entrySet()) {
      String value = "=" + each.getKey() + "\n";
      assertTrue(section > 0 && block.contains(value), heading + ": " + each.getKey());
      block = block.replace(value, "=" + each.getValue() + "\n");
    }
    return Files.writeString(folder.resolve(heading.replace(' ', '-') + ".properties"), block);
  }

  /** What a broker that asks who is there is told; one that asks nobody is told nothing. */
  private void signIn(Path worker) throws IOException {
    Map<String, Object> login = Platform.stack().kafkaClient("siem");
    if (login.containsKey("sasl.jaas.config")) {
      Path added =
          block(
              "Kafka Connect from a broker with TLS",
              Map.of(
                  "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"siem\" password=\"…\";",
                  login.get("sasl.jaas.config"),
                  "/etc/connect/kafka-ca.crt",
                  login.get("ssl.truststore.location")));
      Files.writeString(worker, Files.readString(added), StandardOpenOption.APPEND);
    }
  }

  private static String jarOf(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  @Test
  void aWorkerOfTheGuidePutsTheRecordOfEachEntryIntoAFileAndFindsSecretsInAFileOfTheirs()
      throws Exception {
    long size = SiemTopic.published();
    Path received = folder.resolve("vigie.ndjson");
    Files.writeString(folder.resolve("secrets.properties"), "place=" + received + "\n");
    Path worker =
        block(
            "Kafka Connect, the worker",
            Map.of(
                "broker:9092",
                Platform.stack().address("kafka"),
                "/opt/kafka/libs/connect-file-4.1.2.jar",
                jarOf(FileStreamSinkConnector.class),
                "/var/lib/connect/offsets",
                folder.resolve("offsets"),
                "http://127.0.0.1:18083",
                "http://127.0.0.1:" + freePort(),
                "/etc/connect",
                folder));
    Path sink =
        block(
            "Kafka Connect to a file",
            Map.of(
                "/var/log/vigie.ndjson",
                "${file:" + folder.resolve("secrets.properties") + ":place}"));
    signIn(worker);
    Process connect =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ConnectStandalone.class.getName(),
                worker.toString(),
                sink.toString())
            .redirectErrorStream(true)
            .redirectOutput(new File("target/connect.log"))
            .start();
    try {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(
              () -> {
                assertTrue(connect.isAlive(), "it ended, see target/connect.log");
                return Files.exists(received) && indexes(received).size() >= size;
              });
      assertEquals(
          LongStream.range(0, size).boxed().toList(),
          indexes(received).stream().filter(index -> index < size).distinct().toList());
    } finally {
      connect.destroy();
      connect.waitFor(20, TimeUnit.SECONDS);
      connect.destroyForcibly();
    }
  }

  private static List<Long> indexes(Path file) throws IOException {
    String lines = Files.readString(file);
    ObjectMapper json = new ObjectMapper();
    return lines
        .substring(0, lines.lastIndexOf('\n') + 1)
        .lines()
        .map(
            line -> {
              try {
                return json.readTree(line).at("/unmapped/log_index").longValue();
              } catch (IOException e) {
                throw new IllegalStateException(line, e);
              }
            })
        .toList();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
