package io.vigie.audit.log;

import java.util.List;
import java.util.stream.LongStream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.ConsistencyProof;
import org.junit.jupiter.api.Test;

import static io.vigie.audit.LogDatabase.bytes;
import static io.vigie.audit.LogDatabase.hashes;
import static io.vigie.audit.LogDatabase.holds;
import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ProofResourceTest {

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
}
