package io.vigie.console.page;

import java.time.Clock;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.quarkus.qute.EngineBuilder;
import io.quarkus.qute.TemplateInstance;

/** What holds for all pages. */
@Singleton
class EveryPage {

  /** Each page is in its viewer's language. */
  void speak(@Observes EngineBuilder engine, Viewer viewer) {
    engine.addTemplateInstanceInitializer(
        page -> page.setAttribute(TemplateInstance.LOCALE, viewer.language()));
  }

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }
}
