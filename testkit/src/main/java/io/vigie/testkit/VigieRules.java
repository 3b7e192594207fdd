package io.vigie.testkit;

import java.time.Clock;
import java.util.List;
import java.util.Set;

import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.Entity;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Deadline;
import io.vigie.kernel.DomainEvent;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Read;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The rules of the architecture that every service and the kernel keep; each says why. */
public final class VigieRules {

  private static final Set<String> CHANGES =
      Set.of(
          POST.class.getName(), PUT.class.getName(), PATCH.class.getName(), DELETE.class.getName());

  /**
   * Who may send records: the outbox's own relay, and what sends on what the log already holds,
   * where there is no state left to contradict.
   */
  private static final String[] SENDERS = {
    "io.vigie.kernel.outbox..", "io.vigie.audit.checkpoint..", "io.vigie.audit.siem.."
  };

  private VigieRules() {}

  /** Checks the classes of this package and below, tests left out. */
  public static void check(String rootPackage) {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(rootPackage);
    rules(rootPackage).forEach(rule -> rule.allowEmptyShould(true).check(classes));
  }

  static List<ArchRule> rules(String root) {
    return List.of(
        noClasses()
            .that()
            .resideOutsideOfPackages(SENDERS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka.clients.producer..")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(".*\\.reactive\\.messaging\\.(Emitter|MutinyEmitter|Outgoing)")
            .because("an event that does not go through the outbox can contradict the state"),
        noClasses()
            .that(
                DescribedPredicate.describe(
                    "have commands",
                    type ->
                        type.getMethods().stream()
                            .anyMatch(method -> method.isAnnotatedWith(Command.class))))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Deadline.class)
            .because("a deadline within a transaction ends it while its statements go on"),
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.vigie.kernel.Shared") // makes the clock
            .should()
            .callMethodWhere(readingTheTime())
            .because("time comes from the injected Clock, which tests move"),
        noClasses()
            .should()
            .callMethodWhere(blocking())
            .because(
                "one Hibernate session serves one statement at a time, and never blocks a loop"),
        methods()
            .that(changeSomething())
            .should()
            .haveRawReturnType(Uni.class)
            .andShould()
            .beAnnotatedWith(Command.class)
            .because("a change is one transaction with one answer"),
        methods()
            .that()
            .areAnnotatedWith(GET.class)
            .and()
            .haveRawReturnType(Uni.class)
            .should()
            .beAnnotatedWith(Read.class)
            .because("a database that does not answer must not keep a caller waiting"),
        methods()
            .that(areEndpoints())
            .should(beSecured())
            .because("a forgotten annotation must not open, nor silently close, an endpoint"),
        methods()
            .that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(Path.class)
            .should(notReturnEntities())
            .because("an entity's columns are not an API"),
        noMethods()
            .that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(Entity.class)
            .and()
            .arePublic()
            .should()
            .haveNameMatching("set[A-Z].*")
            .because("state changes by decisions, which return events"),
        classes()
            .that()
            .implement(DomainEvent.class)
            .should()
            .onlyDependOnClassesThat(residesIn("java.", root, "io.vigie.kernel.DomainEvent"))
            .because("events are facts, free of frameworks"),
        noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Mapper")
            .orShould()
            .haveSimpleNameEndingWith("Dto")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .because("such a name says nothing of what the class is for"),
        noClasses()
            .should()
            .dependOnClassesThat(otherServices(root))
            .because("services share contracts, not code"),
        slices()
            .matching(root + ".(*)..")
            .should()
            .beFreeOfCycles()
            .because("a feature must be readable without the others"));
  }

  private static DescribedPredicate<JavaMethodCall> blocking() {
    return DescribedPredicate.describe(
        "Uni.await(), Uni.combine() or Uni.join()",
        call ->
            call.getTargetOwner().isEquivalentTo(Uni.class)
                && Set.of("await", "combine", "join").contains(call.getName()));
  }

  private static DescribedPredicate<JavaMethodCall> readingTheTime() {
    return DescribedPredicate.describe(
        "a time that no injected Clock gives",
        call -> {
          String owner = call.getTargetOwner().getName();
          String method = call.getName();
          boolean isGiven =
              call.getTarget().getRawParameterTypes().stream()
                  .anyMatch(parameter -> parameter.isEquivalentTo(Clock.class));
          return owner.startsWith("java.time.") && method.equals("now") && !isGiven
              || owner.equals(Clock.class.getName()) && method.matches("(system|tick[MS]).*")
              || owner.equals(System.class.getName()) && method.equals("currentTimeMillis");
        });
  }

  private static DescribedPredicate<JavaMethod> changeSomething() {
    return DescribedPredicate.describe(
        "change something",
        method ->
            method.getAnnotations().stream()
                .map(annotation -> annotation.getRawType().getName())
                .anyMatch(CHANGES::contains));
  }

  private static DescribedPredicate<JavaMethod> areEndpoints() {
    return DescribedPredicate.describe(
        "are endpoints",
        method ->
            method.getAnnotations().stream()
                .map(JavaAnnotation::getRawType)
                .anyMatch(type -> type.isAnnotatedWith("jakarta.ws.rs.HttpMethod")));
  }

  private static ArchCondition<JavaMethod> beSecured() {
    return new ArchCondition<>("say who may call them") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean secured =
            List.of(RolesAllowed.class, PermitAll.class, DenyAll.class).stream()
                .anyMatch(
                    annotation ->
                        method.isAnnotatedWith(annotation)
                            || method.getOwner().isAnnotatedWith(annotation));
        if (!secured) {
          events.add(SimpleConditionEvent.violated(method, method.getFullName() + " does not"));
        }
      }
    };
  }

  private static ArchCondition<JavaMethod> notReturnEntities() {
    return new ArchCondition<>("not return entities") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        method.getReturnType().getAllInvolvedRawTypes().stream()
            .filter(type -> type.isAnnotatedWith(Entity.class))
            .filter(type -> areEndpoints().test(method))
            .forEach(
                type ->
                    events.add(
                        SimpleConditionEvent.violated(
                            method, method.getFullName() + " returns " + type.getName())));
      }
    };
  }

  private static DescribedPredicate<JavaClass> residesIn(String... prefixes) {
    return DescribedPredicate.describe(
        "are in " + List.of(prefixes),
        type ->
            List.of(prefixes).stream().anyMatch(type.getBaseComponentType().getName()::startsWith)
                || type.getBaseComponentType().isPrimitive());
  }

  /** The verifier is what audit-service holds itself against, and nobody else's to use. */
  private static DescribedPredicate<JavaClass> otherServices(String root) {
    String verifier = root.equals("io.vigie.audit") ? "io.vigie.verifier" : "io.vigie.kernel";
    return DescribedPredicate.describe(
        "are another service's",
        type ->
            type.getPackageName().startsWith("io.vigie.")
                && !type.getPackageName().startsWith(root)
                && !type.getPackageName().startsWith("io.vigie.kernel")
                && !type.getPackageName().startsWith(verifier));
  }
}
