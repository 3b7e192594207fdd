package io.vigie.audit.log;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.ConsistencyProof;
import io.vigie.verifier.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.vigie.audit.LogDatabase.bytes;
import static io.vigie.audit.LogDatabase.hashes;
import static io.vigie.audit.LogDatabase.holds;
import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ProofResourceTest {

  @TempDir Path folder;

  private static Response get(String path, Object... parameters) {
    return Rest.as(Tokens.of(AUDITOR)).get(path, parameters);
  }

  @Test
  void everyEntryIsProvenInTheTreeAsItIsAndAsItWas() {
    List<Long> indexes = logged(300);
    long first = indexes.get(0);
    long last = indexes.stream().mapToLong(Long::longValue).max().orElseThrow();

    for (long index : new long[] {0, first, first + 1, last - 100, last}) {
      JsonPath now =
          get("/v1/log/entries/{i}/proof", index).then().statusCode(200).extract().jsonPath();
      assertTrue(holds(now), "entry " + index);
      for (long size : new long[] {index + 1, index + 2, last, last + 1}) {
        if (size > index && size <= last + 1) {
          JsonPath then =
              get("/v1/log/entries/{i}/proof?size={s}", index, size)
                  .then()
                  .statusCode(200)
                  .extract()
                  .jsonPath();
          assertEquals(size, then.getLong("size"));
          assertTrue(holds(then), index + " of " + size);
        }
      }
    }
  }

  @Test
  void everyLaterTreeExtendsEveryEarlierOne() {
    long size = logged(260).get(259) + 1;
    LongStream.of(1, 2, 3, size / 2, 255, 256, 257, size - 1, size)
        .filter(from -> from <= size)
        .forEach(
            from -> {
              JsonPath proof =
                  get("/v1/log/consistency?from={f}&to={t}", from, size)
                      .then()
                      .statusCode(200)
                      .extract()
                      .jsonPath();
              assertTrue(
                  ConsistencyProof.verify(
                      from,
                      size,
                      hashes(proof),
                      bytes(proof.getString("rootFrom")),
                      bytes(proof.getString("rootTo"))),
                  from + " to " + size);
            });
  }

  /** Each asks the pool of connections more than once. */
  @Test
  void moreReadersAtOnceThanThereAreConnectionsDoNotWaitForEachOther() {
    long index = logged(1).get(0);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://localhost:%d/v1/log/entries/%d/proof"
                        .formatted(RestAssured.port, index)))
            .header("Authorization", "Bearer " + Tokens.of(AUDITOR))
            .build();
    HttpClient client = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> answers =
        Stream.generate(() -> client.sendAsync(request, BodyHandlers.ofString()))
            .limit(100)
            .toList();
    answers.forEach(
        answer -> assertEquals(200, answer.join().statusCode(), () -> answer.join().body()));
  }

  private String verified(Response receipt) throws Exception {
    receipt.then().statusCode(200);
    String file = Files.write(folder.resolve("receipt"), receipt.asByteArray()).toString();
    String keys = String.join("\n", LogDatabase.verifierKeys());
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(said, true, StandardCharsets.UTF_8);
    String[] words = {"receipt", file, "--vkey", keys};
    assertEquals(0, Main.run(words, InputStream.nullInputStream(), print, print), said::toString);
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whoMayReadPayloadsTakesThemWithTheProofAndIsInTheLogForIt() throws Exception {
    UUID reader = UUID.randomUUID();
    Draft draft = Records.registration();
    long index = logged(draft);
    String bare = verified(get("/v1/receipts/{id}", draft.id()));
    assertFalse(bare.contains("\"aggregateId\""), bare);

    String whole =
        verified(Rest.as(Tokens.of(reader, AUDITOR)).get("/v1/log/entries/{i}/tlog-proof", index));
    assertTrue(whole.contains("the payload, which the entry commits to:"), whole);
    assertTrue(whole.contains("\"aggregateId\""), whole);
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                get("/v1/log/entries?type=audit.log-read.v1&actor=" + reader)
                    .then()
                    .body("items", hasSize(1)));
  }
}
