package io.vigie.testkit;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Gives the service under test its database, the broker and the key that tokens are checked with.
 */
public class ServiceEnvironment implements QuarkusTestResourceLifecycleManager {

  @Override
  public Map<String, String> start() {
    Infrastructure running = Infrastructure.running();
    try {
      running.createDatabase(serviceName());
    } catch (SQLException e) {
      throw new IllegalStateException("no database for the tests", e);
    }
    Map<String, String> config = new HashMap<>();
    config.put("vigie.postgres.host", running.host());
    config.put("vigie.postgres.port", Integer.toString(running.port()));
    config.put("vigie.db.password", Infrastructure.PASSWORD);
    config.put("vigie.db.owner-password", Infrastructure.PASSWORD);
    config.put("vigie.kafka", running.kafka());
    config.put("vigie.inbox.first-pause", "10ms");
    config.put("vigie.oidc", "");
    config.put("quarkus.oidc.public-key", Tokens.publicKey());
    config.put("quarkus.oidc.token.age", Tokens.LIFE.plusMinutes(1).toString());
    config.put("quarkus.http.test-port", "0");
    for (String chatty : List.of("kafka", "org.apache.kafka", "org.flywaydb")) {
      config.put("quarkus.log.category.\"%s\".level".formatted(chatty), "ERROR");
    }
    return config;
  }

  @Override
  public void stop() {
    // the components stop with the JVM, for the next test class to use them too
  }

  /** {@code vigie.name} of the module under test. */
  static String serviceName() {
    return ConfigProvider.getConfig().getValue("vigie.name", String.class);
  }
}
