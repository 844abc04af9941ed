# One image holds the portal and the migrations that fit it, a second one (target "simulator") the simulated cloud.
# ./test.sh runs the steps of the stage "build" as they stand here: keep each instruction on one line.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# What names packages comes alone, so that the restored layer lasts until one of these files changes.
COPY Directory.Build.props Directory.Packages.props global.json ./
COPY build build
COPY src/Portal/Portal.csproj src/Portal/packages.lock.json src/Portal/
COPY src/CloudSimulator/CloudSimulator.csproj src/CloudSimulator/packages.lock.json src/CloudSimulator/
COPY migrations/Portal.Migrations.csproj migrations/packages.lock.json migrations/
RUN dotnet restore migrations --locked-mode
RUN dotnet restore src/CloudSimulator --locked-mode

COPY . .
# An image is made of code that was analyzed before: ./test.sh does that.
RUN dotnet publish src/Portal --no-restore --configuration Release -p:RunAnalyzers=false --output published/portal
RUN dotnet publish migrations --no-restore --configuration Release -p:RunAnalyzers=false --output published/portal/migrations
RUN dotnet publish src/CloudSimulator --no-restore --configuration Release -p:RunAnalyzers=false --output published/simulator
RUN cp build/answers.sh published/portal/
RUN cp build/answers.sh published/simulator/

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS simulator
WORKDIR /app
COPY --from=build /source/published/simulator .
USER $APP_UID
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["bash", "/app/answers.sh", "http://127.0.0.1:8080/health"]
# Without an address of its own it listens on loopback, where nobody outside of the container reaches it.
ENTRYPOINT ["dotnet", "CloudSimulator.dll", "--urls", "http://*:8080", "--allow-any-address"]

# It holds no setting of an installation and no secret: docs/operating.md names what a node is given and what is mounted, compose.yaml in short.
# The one folder that it writes to, that of day keys where one is used, is a mount that all nodes share.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS portal
WORKDIR /app
COPY --from=build /source/published/portal .
USER $APP_UID
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["bash", "/app/answers.sh", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["dotnet", "Portal.dll"]
