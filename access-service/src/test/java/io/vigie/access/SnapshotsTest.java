package io.vigie.access;

import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class SnapshotsTest {

  @Test
  void theStateOfEveryPersonAndRightCanBePublishedAgain() {
    String person = Api.join(UUID.randomUUID());
    String right = Api.requestFor(person);
    Api.approve(right).then().statusCode(200);

    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.access.events")) {
      ConsumerRecord<String, byte[]> ofRight =
          topic.await(1, about(right).and(ofType("right.snapshot.v1"))).get(0);
      assertEquals("2", header(ofRight, "ce_eventnumber"));
      assertTrue(new String(ofRight.value()).contains("\"state\":\"APPROVED\""));
      ConsumerRecord<String, byte[]> ofPerson =
          topic.await(1, about(person).and(ofType("person.snapshot.v1"))).get(0);
      assertFalse(new String(ofPerson.value()).contains("Lovelace"));
    }
  }
}
