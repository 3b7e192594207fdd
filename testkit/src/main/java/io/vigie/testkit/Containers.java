package io.vigie.testkit;

import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The same components as containers; the images can be named by system properties. */
final class Containers {

  private Containers() {}

  static Infrastructure start(Infrastructure.Started started) {
    PostgreSQLContainer database =
        new PostgreSQLContainer(
                DockerImageName.parse(
                        System.getProperty("vigie.test.image.postgres", "postgres:18"))
                    .asCompatibleSubstituteFor("postgres"))
            .withCommand("postgres", "-c", "max_connections=200", "-c", "fsync=off");
    KafkaContainer broker =
        new KafkaContainer(
                DockerImageName.parse(
                        System.getProperty("vigie.test.image.kafka", "apache/kafka:4.1.2"))
                    .asCompatibleSubstituteFor("apache/kafka"))
            .withEnv("KAFKA_NUM_PARTITIONS", "3")
            .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "3");
    database.start();
    broker.start();
    return started.at(
        database.getHost(),
        database.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
        database.getUsername(),
        database.getPassword(),
        broker.getBootstrapServers());
  }
}
