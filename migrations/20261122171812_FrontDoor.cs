using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Migrations
{
    /// <inheritdoc />
    public partial class FrontDoor : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // A sign-in is a row that is ended, in the place of a list of those that were.
            migrationBuilder.Sql("drop table portal.ended_session;");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "disabled_at",
                schema: "portal",
                table: "person",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string[]>(
                name: "granted",
                schema: "portal",
                table: "person",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.CreateTable(
                name: "session",
                schema: "portal",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    key_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    person_id = table.Column<string>(type: "text", nullable: false),
                    issuer = table.Column<string>(type: "text", nullable: true),
                    subject = table.Column<string>(type: "text", nullable: true),
                    provider_session = table.Column<string>(type: "text", nullable: true),
                    authenticated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    id_token = table.Column<byte[]>(type: "bytea", nullable: true),
                    address = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    agent = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    began_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    ended_by = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_session", x => x.id);
                    table.ForeignKey(
                        name: "FK_session_person_person_id",
                        column: x => x.person_id,
                        principalSchema: "portal",
                        principalTable: "person",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "used_name",
                schema: "portal",
                columns: table => new
                {
                    use = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    name_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_used_name", x => new { x.use, x.name_hash });
                });

            migrationBuilder.CreateIndex(
                name: "IX_session_ends_at",
                schema: "portal",
                table: "session",
                column: "ends_at");

            migrationBuilder.CreateIndex(
                name: "IX_session_issuer_subject",
                schema: "portal",
                table: "session",
                columns: new[] { "issuer", "subject" });

            migrationBuilder.CreateIndex(
                name: "IX_session_person_id_began_at",
                schema: "portal",
                table: "session",
                columns: new[] { "person_id", "began_at" });

            migrationBuilder.CreateIndex(
                name: "IX_used_name_until",
                schema: "portal",
                table: "used_name",
                column: "until");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "session",
                schema: "portal");

            migrationBuilder.DropTable(
                name: "used_name",
                schema: "portal");

            migrationBuilder.DropColumn(
                name: "disabled_at",
                schema: "portal",
                table: "person");

            migrationBuilder.DropColumn(
                name: "granted",
                schema: "portal",
                table: "person");

            migrationBuilder.Sql(Script.Read("ended-session.sql"));
        }
    }
}
